package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.benchmarks.measure.Meter;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.EmbeddedServer;
import com.matih.tenantmigration.embedded.EmbeddedServers;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import java.nio.file.Path;

/**
 * The shared and the dedicated server of a store, and a PostgreSQL that holds our journal and what
 * a cache is warmed from.
 */
public final class StoreServers implements AutoCloseable {

  private static final String SHARED = "shared";
  private static final String DEDICATED = "dedicated";
  private static final String CONTROL = "control-postgres";

  private final EmbeddedServers servers;
  private final ControlPlane controlPlane;

  private StoreServers(EmbeddedServers servers) {
    this.servers = servers;
    this.controlPlane =
        ControlPlane.open(postgres().jdbcUrl("postgres"), postgres().user(), postgres().password());
  }

  /** Starts all; their logs go to the folder and stay. */
  static StoreServers start(Path logs, EmbeddedServers.Starter starter) {
    EmbeddedServers servers =
        EmbeddedServers.in(ServerFolder.temporary("tenant-migration-benchmark-", logs))
            .with(SHARED, starter)
            .with(DEDICATED, starter)
            .with(CONTROL, PostgresServer::start)
            .start(server -> {});
    boolean done = false;
    try {
      StoreServers all = new StoreServers(servers);
      all.controlPlane.upgrade();
      done = true;
      return all;
    } finally {
      if (!done) {
        servers.close();
      }
    }
  }

  public <T extends EmbeddedServer> T shared(Class<T> kind) {
    return servers.get(SHARED, kind);
  }

  public <T extends EmbeddedServer> T dedicated(Class<T> kind) {
    return servers.get(DEDICATED, kind);
  }

  /** Neither shared nor dedicated: its processor time is not counted. */
  public PostgresServer postgres() {
    return servers.get(CONTROL, PostgresServer.class);
  }

  public MigrationJournal journal() {
    return controlPlane.journal();
  }

  /** Where files may lie; gone with the servers. */
  public Path folder() {
    return servers.folder().path();
  }

  /** Where the servers' logs lie, and stay. */
  public Path logs() {
    return servers.folder().logs();
  }

  Meter meter() {
    return new Meter(pid(SHARED), pid(DEDICATED));
  }

  private long pid(String name) {
    return servers.get(name, EmbeddedServer.class).process().pid();
  }

  @Override
  public void close() {
    controlPlane.close();
    servers.close();
  }
}

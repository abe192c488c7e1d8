package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.EmbeddedServers;
import com.matih.tenantmigration.embedded.ExternalTemporal;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.Temporal;
import com.matih.tenantmigration.embedded.TemporalServer;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.StartListener;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The servers of both sides, and Temporal where nobody else runs it. */
final class DevstackServers implements AutoCloseable {

  private static final String TEMPORAL = "temporal";
  private static final String SHARED = "shared";
  private static final String DEDICATED = "dedicated";

  private final EmbeddedServers servers;
  private final Temporal temporal;

  private DevstackServers(EmbeddedServers servers, Temporal temporal) {
    this.servers = servers;
    this.temporal = temporal;
  }

  /**
   * Starts all at once; their data lies in a temporary folder and goes with them.
   *
   * @param logs the folder for the servers' logs, which stays
   * @param temporalAddress a Temporal service that runs already
   */
  static DevstackServers start(
      Path logs, Optional<String> temporalAddress, StartListener listener) {
    EmbeddedServers.Choice choice =
        EmbeddedServers.in(ServerFolder.temporary("tenant-migration-devstack-", logs))
            .with(SHARED + "-elasticsearch", ElasticsearchServer::start)
            .with(DEDICATED + "-elasticsearch", ElasticsearchServer::start)
            .with(SHARED + "-s3", S3Server::start)
            .with(DEDICATED + "-s3", S3Server::start)
            .with(SHARED + "-kafka", KafkaServer::start)
            .with(DEDICATED + "-kafka", KafkaServer::start)
            .with(SHARED + "-postgres", PostgresServer::start)
            .with(DEDICATED + "-postgres", PostgresServer::start)
            .with(
                SHARED + "-redis", (folder, name) -> RedisServer.start(folder, name, "allkeys-lfu"))
            .with(DEDICATED + "-redis", RedisServer::start);
    if (temporalAddress.isPresent()) {
      return new DevstackServers(
          choice.start(listener), new ExternalTemporal(temporalAddress.get()));
    }
    EmbeddedServers servers = choice.with(TEMPORAL, TemporalServer::start).start(listener);
    return new DevstackServers(servers, servers.get(TEMPORAL, TemporalServer.class));
  }

  Temporal temporal() {
    return temporal;
  }

  void restart(String name) {
    servers.get(name, ProcessBackedServer.class).restart();
  }

  Sides sides() {
    return new Sides(side(SHARED), side(DEDICATED));
  }

  private Side side(String side) {
    PostgresServer postgres = servers.get(side + "-postgres", PostgresServer.class);
    S3Server s3 = servers.get(side + "-s3", S3Server.class);
    return new Side(
        side.toUpperCase(Locale.ROOT),
        postgres.host() + ":" + postgres.port(),
        postgres.user(),
        postgres.password(),
        s3.endpoint(),
        s3.accessKey(),
        s3.secretKey(),
        servers.get(side + "-kafka", KafkaServer.class).bootstrapServers(),
        servers.get(side + "-elasticsearch", ElasticsearchServer.class).url(),
        servers.get(side + "-redis", RedisServer.class).uri());
  }

  @Override
  public void close() {
    servers.close();
  }
}

package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.Meter;
import com.matih.tenantmigration.embedded.EmbeddedServer;
import com.matih.tenantmigration.embedded.EmbeddedServers;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The shared and the dedicated server, with a folder that goes with them. */
final class BenchmarkServers implements AutoCloseable {

  private static final String SHARED = "shared-postgres";
  private static final String DEDICATED = "dedicated-postgres";

  /** Without what a server does of its own accord, at moments that no contender chooses. */
  private static final List<String> SETTINGS =
      List.of(
          "autovacuum=off", "shared_buffers=256MB", "max_wal_size=4GB", "checkpoint_timeout=1h");

  private final EmbeddedServers servers;
  private final Path scratch;

  private BenchmarkServers(EmbeddedServers servers, Path scratch) {
    this.servers = servers;
    this.scratch = scratch;
  }

  /** Starts both; their logs go to the folder and stay. */
  static BenchmarkServers start(Path logs) {
    EmbeddedServers servers =
        EmbeddedServers.in(ServerFolder.temporary("tenant-migration-benchmark-", logs))
            .with(SHARED, BenchmarkServers::start)
            .with(DEDICATED, BenchmarkServers::start)
            .start(server -> {});
    try {
      Path scratch = Files.createDirectory(servers.folder().path().resolve("scratch"));
      return new BenchmarkServers(servers, scratch);
    } catch (IOException e) {
      servers.close();
      throw new UncheckedIOException("cannot create a folder beside the servers", e);
    }
  }

  private static EmbeddedServer start(ServerFolder folder, String name) {
    return PostgresServer.startAtEqualPriority(folder, name, SETTINGS);
  }

  /** A database of the shared server. */
  Database shared(String database) {
    return new Database(servers.get(SHARED, PostgresServer.class), database);
  }

  /** A database of the dedicated server. */
  Database dedicated(String database) {
    return new Database(servers.get(DEDICATED, PostgresServer.class), database);
  }

  /** Where contenders leave their files; gone with the servers. */
  Path scratch() {
    return scratch;
  }

  /** What measures steps on these servers. */
  Meter meter() throws SQLException {
    return new Meter(postmaster(shared("postgres")), postmaster(dedicated("postgres")));
  }

  /** The process that starts one for each session, asked for while one runs. */
  private static long postmaster(Database database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
      rows.next();
      return ProcessHandle.of(rows.getLong(1))
          .flatMap(ProcessHandle::parent)
          .map(ProcessHandle::pid)
          .orElseThrow(
              () -> new BenchmarkException("The server's process is not among this machine's."));
    }
  }

  /** Leaves nothing for a contender to write that another has changed. */
  void settle() throws SQLException {
    shared("postgres").execute("CHECKPOINT");
    dedicated("postgres").execute("CHECKPOINT");
  }

  @Override
  public void close() {
    servers.close();
  }
}

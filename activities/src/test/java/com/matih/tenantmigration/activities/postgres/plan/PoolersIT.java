package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.Ports;
import com.matih.tenantmigration.embedded.process.Unprivileged;
import com.matih.tenantmigration.embedded.testing.MissingToolsFilter;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.StoreName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real PgBouncers before a real server. */
@Tag(MissingToolsFilter.PGBOUNCER)
class PoolersIT {

  private final PostgresServer server = TestServers.postgres();
  private final PlanNotes notes = new PlanNotes(StoreName.POSTGRES);

  @Test
  void aPoolerThatLendsSessionsForATransactionIsRefused(@TempDir Path folder) throws Exception {
    examineThrough("transaction", folder);

    assertThat(notes.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("postgres.source");
              assertThat(refusal.reason()).contains("for one transaction at a time");
              assertThat(refusal.remedy()).contains("pool_mode = session");
            });
  }

  @Test
  void aPoolerThatGivesEachConnectionASessionIsWarnedOf(@TempDir Path folder) throws Exception {
    examineThrough("session", folder);

    assertThat(notes.refusals()).isEmpty();
    assertThat(notes.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("connection pooler"));
  }

  @Test
  void theServerItselfIsNeither() throws SQLException {
    Poolers.examine("postgres.source", () -> connect(server.jdbcUrl("postgres")), notes);

    assertThat(notes.refusals()).isEmpty();
    assertThat(notes.warnings()).isEmpty();
  }

  private void examineThrough(String mode, Path folder) throws Exception {
    int port = freePort();
    Path configuration = folder.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        * = host=%s port=%d user=%s password=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = %s
        ignore_startup_parameters = extra_float_digits
        """
            .formatted(server.host(), server.port(), server.user(), server.password(), port, mode));
    Process pooler =
        new ProcessBuilder(Unprivileged.command(List.of("pgbouncer", configuration.toString())))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    try {
      while (pooler.isAlive() && !Ports.accepts(port)) {
        Thread.sleep(50);
      }
      assertThat(pooler.isAlive()).isTrue();
      Poolers.examine(
          "postgres.source",
          () -> connect("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port)),
          notes);
    } finally {
      pooler.destroy();
      assertThat(pooler.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Connection connect(String url) {
    try {
      return DriverManager.getConnection(url, server.user(), server.password());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code restore} says and how it ends where it cannot even begin. */
class RestoreCommandIT {

  private static final PostgresServer SERVER = TestServers.dedicatedPostgres();

  @TempDir private Path snapshot;

  @BeforeEach
  void sealAnEmptySnapshot() throws IOException {
    Files.writeString(
        snapshot.resolve("manifest.json"),
        """
        {"formatVersion": 1, "tenant": "acme", "migrationId": "3f9a1c2b4d5e",
         "sourceSchema": "tenant_acme", "isolation": "schema", "tables": [],
         "pointInTime": {"at": "", "walPosition": "", "transactions": "", "serverVersion": 150000,
                         "archive": {"name": "a", "sha256": ""},
                         "archiveList": {"name": "l", "sha256": ""},
                         "extensions": [], "sequences": [], "materializedViews": []}}
        """);
  }

  @Test
  void aDatabaseThatDoesNotExistIsRefused() {
    Answer answer = restore(SERVER.jdbcUrl("nowhere"), SERVER.password());

    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.errors())
        .contains("database \"nowhere\" does not exist")
        .contains("or create the database")
        .doesNotContain("partly filled");
  }

  @Test
  void aServerThatCannotBeReachedIsRefused() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    Answer answer = restore("jdbc:postgresql://127.0.0.1:%d/acme".formatted(port), "secret");

    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.errors())
        .contains("127.0.0.1:" + port)
        .contains("the connection was refused")
        .contains("Check that the server is running")
        .doesNotContain("secret");
  }

  @Test
  void aRestoreThatFailsAfterItHasBegunIsNoRefusal() {
    // an empty database; the snapshot's archive is missing
    Answer answer = restore(SERVER.jdbcUrl("template1"), SERVER.password());

    assertThat(answer.code()).isNotIn(0, 3);
    assertThat(answer.errors()).contains("partly filled");
  }

  private Answer restore(String url, String password) {
    StringWriter errors = new StringWriter();
    int code =
        new CommandLine(new RestoreCommand(Map.of("PGPASSWORD", password)))
            .setErr(new PrintWriter(errors))
            .execute("--snapshot", "file:" + snapshot, "--into", url, "--user", SERVER.user());
    return new Answer(code, errors.toString());
  }

  private record Answer(int code, String errors) {}
}

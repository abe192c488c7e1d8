package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryColumn;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server's log keeps of a request's queries. */
class QueryLogIT {

  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres());
  private static TestDatabase database;

  private final String role = "reads_" + UUID.randomUUID().toString().replace("-", "");
  private final String column = "seen_" + UUID.randomUUID().toString().replace("-", "");

  @BeforeAll
  static void createDatabase() throws Exception {
    database = TestDatabase.create(TestServers.postgres());
    database.execute("CREATE SCHEMA shared");
  }

  @AfterAll
  static void dropDatabase() throws Exception {
    database.close();
  }

  @Test
  void theLogIsSparedForAUserWhoMaySetItsParameter() throws Exception {
    database.execute("CREATE ROLE " + role, "GRANT SET ON PARAMETER log_min_messages TO " + role);

    plan();

    assertThat(log()).doesNotContain(column);
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
  }

  /** So the test above would see it. */
  @Test
  void theLogTakesWhatTheServerPrintsForAnyOtherUser() throws Exception {
    database.execute("CREATE ROLE " + role);

    plan();

    assertThat(log()).contains(column);
    database.execute("DROP ROLE " + role);
  }

  private void plan() throws Exception {
    try (ReadOnlySession session =
        new QuerySessions(CONNECTIONS, role)
            .open(
                database.spec(),
                TestJournal.newMigrationId(),
                "test",
                "shared",
                QueryLimits.PLAN)) {
      assertThat(session.plan("SELECT 1 AS " + column))
          .extracting(QueryColumn::label)
          .containsExactly(column);
    }
  }

  /** All logs of the servers beside this one's data. */
  private static String log() throws Exception {
    Path folder = Path.of(database.query("SHOW data_directory").get(0));
    while (!Files.isDirectory(folder.resolve("logs"))) {
      folder = folder.getParent();
    }
    StringBuilder text = new StringBuilder();
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      for (Path log : logs.filter(file -> file.toString().contains("postgres")).toList()) {
        text.append(read(log));
      }
    }
    return text.toString();
  }

  private static String read(Path log) throws IOException {
    return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
  }
}

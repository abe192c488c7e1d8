package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dedicated database refuses for good ends the work at once; a broken connection not. */
class RejectedSchemaIT {

  private static final String VALUE = "jane@acme.example";

  @TempDir static Path folder;
  private CopyLab lab;

  @BeforeEach
  void createTenant() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute("CREATE SCHEMA shared");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void rowsThatAConstraintRefusesAreRejectedAndTheConstraintIsNamed() throws SQLException {
    lab.source.execute(
        function("accepts(text)", "boolean", "true"),
        "CREATE DOMAIN shared.mail AS text CONSTRAINT known_mail CHECK (shared.accepts(VALUE))",
        "CREATE TABLE shared.users (tenant_id text, email shared.mail)",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        function("accepts(text)", "boolean", "false"));
    lab.takeSnapshot();
    lab.createSchema();

    assertRejected(failure(lab::copyRows));
  }

  @Test
  void rowsThatALateConstraintRefusesAreRejectedAndTheConstraintIsNamed() throws SQLException {
    lab.source.execute(
        function("accepts(text)", "boolean", "true"),
        "CREATE TABLE shared.users (tenant_id text, email text,"
            + " CONSTRAINT known_mail CHECK (shared.accepts(email)))",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        function("accepts(text)", "boolean", "false"));
    lab.takeSnapshot();
    lab.createSchema();
    lab.copyRows();

    assertRejected(failure(lab::finish));
  }

  private static void assertRejected(MigrationException failure) {
    assertThat(failure.type()).isEqualTo(FailureType.DATA_REJECTED);
    assertThat(failure)
        .hasMessageContaining("known_mail")
        .hasMessageContaining("shared.users")
        .hasMessageContaining("SQLSTATE 23514")
        .hasMessageNotContaining(VALUE);
  }

  @Test
  void anIndexWhoseFunctionIsMissingIsRejectedAndBothAreNamed() throws SQLException {
    lab.source.execute(
        function("inner_mail(text)", "text", "$1"),
        "SET search_path = shared",
        "CREATE FUNCTION shared.mail(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN inner_mail($1); END'",
        "CREATE TABLE shared.users (tenant_id text, email text)",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        "CREATE INDEX users_by_mail ON shared.users (shared.mail(email))",
        "DROP FUNCTION shared.inner_mail(text)");
    copy();

    // pg_restore at first; psql where an attempt has begun before
    for (String program : List.of("pg_restore", "psql")) {
      MigrationException failure = failure(lab::finish);

      assertThat(failure.type()).as(program).isEqualTo(FailureType.DATA_REJECTED);
      assertThat(failure)
          .hasMessageStartingWith(program)
          .hasMessageContaining("inner_mail(text) does not exist")
          .hasMessageContaining(program.equals("psql") ? "in function mail" : "INDEX users_by_mail")
          .hasMessageNotContaining(VALUE);
    }
  }

  @Test
  void aValueThatCannotBeCastIsNotToldByEitherProgram() throws SQLException {
    lab.source.execute(
        function("age(text)", "integer", "0"),
        "CREATE TABLE shared.users (tenant_id text, age text)",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        "CREATE INDEX users_by_age ON shared.users (shared.age(age))",
        function("age(text)", "integer", "$1::integer"));
    copy();

    for (String program : List.of("pg_restore", "psql")) {
      MigrationException failure = failure(lab::finish);

      assertThat(failure.type()).as(program).isEqualTo(FailureType.DATA_REJECTED);
      assertThat(failure)
          .hasMessageStartingWith(program)
          .hasMessageContaining("invalid input syntax for type integer")
          .hasMessageNotContaining(VALUE);
    }
  }

  /** As a damaged index, or one of another version of a collation, lets them in. */
  @Test
  void rowsThatAnIndexShouldHaveRefusedAreToldWithHowToFindThem() throws SQLException {
    lab.source.execute(
        "CREATE TABLE shared.users (tenant_id text, email text)",
        "CREATE UNIQUE INDEX users_email ON shared.users (email)",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        "UPDATE pg_index SET indisready = false WHERE indexrelid = 'shared.users_email'::regclass",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        "UPDATE pg_index SET indisready = true WHERE indexrelid = 'shared.users_email'::regclass");
    copy();

    for (String program : List.of("pg_restore", "psql")) {
      MigrationException failure = failure(lab::finish);

      assertThat(failure.type()).as(program).isEqualTo(FailureType.DATA_REJECTED);
      assertThat(failure)
          .hasMessageStartingWith(program)
          .hasMessageContaining("users_email")
          .hasMessageContaining("The index lacks entries on the shared side")
          .hasMessageContaining("REINDEX the table there")
          .hasMessageNotContaining(VALUE);
    }
  }

  @Test
  void aConnectionThatBreaksWhileIndexesAreBuiltIsTriedAgain() throws Exception {
    lab.source.execute(
        function("slow(text)", "text", "$1"),
        "CREATE TABLE shared.users (tenant_id text, email text)",
        "INSERT INTO shared.users VALUES ('acme', '" + VALUE + "')",
        "CREATE INDEX users_by_mail ON shared.users (shared.slow(email))",
        "CREATE OR REPLACE FUNCTION shared.slow(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN PERFORM pg_sleep(300); RETURN $1; END'");
    copy();

    CompletableFuture<MigrationException> failing =
        CompletableFuture.supplyAsync(() -> failure(lab::finish));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                !lab.target
                    .query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                            + " current_database() AND query LIKE 'CREATE INDEX users_by_mail%'")
                    .isEmpty());

    assertThat(failing.get(60, TimeUnit.SECONDS).type()).isEqualTo(FailureType.STORE_UNREACHABLE);
  }

  private void copy() throws SQLException {
    lab.takeSnapshot();
    lab.createSchema();
    var unused = lab.copyRows();
  }

  private static String function(String signature, String type, String body) {
    return "CREATE OR REPLACE FUNCTION shared.%s RETURNS %s LANGUAGE sql IMMUTABLE AS 'SELECT %s'"
        .formatted(signature, type, body);
  }

  private static MigrationException failure(Work work) {
    return catchThrowableOfType(MigrationException.class, work::run);
  }

  private interface Work {
    void run() throws Exception;
  }
}

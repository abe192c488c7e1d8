package com.matih.tenantmigration.activities.postgres.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolFailuresTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "pg_restore: error: could not execute query: ERROR:  function f(integer) does not exist #"
            + " DATA_REJECTED",
        "pg_restore: error: could not execute query: ERROR:  could not create unique index \"i\" #"
            + " DATA_REJECTED",
        "pg_restore: error: could not execute query: FEHLER:  Funktion existiert nicht #"
            + " DATA_REJECTED",
        "pg_dump: error: query failed: ERROR:  invalid page in block 0 of relation base/5/1 #"
            + " DATA_REJECTED",
        "pg_dump: error: query failed: ERROR:  permission denied for table t # PERMISSION_DENIED",
        "pg_restore: error: could not execute query: ERROR:  must be owner of schema s #"
            + " PERMISSION_DENIED",
        "pg_dump: error: connection to server at \"h\" (::1), port 1 failed: FATAL:  password"
            + " authentication failed for user \"u\" # PERMISSION_DENIED",
        "pg_dump: error: connection to server at \"h\", port 1 failed: FATAL:  database \"d\" does"
            + " not exist # BAD_REQUEST",
        "pg_dump: error: connection to server at \"h\", port 1 failed: Connection refused #"
            + " STORE_UNREACHABLE",
        "pg_restore: error: could not execute query: server closed the connection unexpectedly #"
            + " STORE_UNREACHABLE",
        "pg_restore: error: could not execute query: FATAL:  terminating connection due to"
            + " administrator command # STORE_UNREACHABLE",
        "pg_dump: error: connection to server at \"h\", port 1 failed: FATAL:  sorry, too many"
            + " clients already # STORE_UNREACHABLE",
        "pg_restore: error: could not execute query: ERROR:  deadlock detected # STORE_ERROR",
        "pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout #"
            + " STORE_ERROR",
        "pg_restore: error: could not execute query: ERROR:  could not extend file \"base/1\": No"
            + " space left on device # STORE_BLOCKED",
        "pg_dump: error: could not write to output file: No space left on device # TOOL_FAILED",
        "pg_dump: error: aborting because of server version mismatch # TOOL_MISSING",
        "it printed nothing # TOOL_FAILED",
      })
  void theWordsDecideWhetherItMayPass(String said, FailureType type) {
    assertThat(ToolFailures.typeOf(1, said)).isEqualTo(type);
  }

  @Test
  void aProgramThatWasKilledIsStartedAgain() {
    assertThat(ToolFailures.typeOf(137, "ERROR: whatever")).isEqualTo(FailureType.TOOL_FAILED);
  }

  @Test
  void theStatementIsNamedWithoutItsText() {
    FailedCommand command = new FailedCommand();

    assertThat(command.read("Command was: CREATE INDEX \"i x\" ON ONLY s.t USING btree (f('v'))"))
        .contains("CREATE INDEX \"i x\" ON ONLY s.t");
    assertThat(command.read("Command was: ALTER TABLE ONLY s.t")).isEmpty();
    assertThat(command.read("    ADD CONSTRAINT c CHECK ((a <> 'v'::text));"))
        .contains("ALTER TABLE ONLY s.t ADD CONSTRAINT c");
    assertThat(command.read("Command was: CREATE FUNCTION s.f(a integer) RETURNS text"))
        .contains("CREATE FUNCTION s.f");
    assertThat(command.read("Command was: INSERT INTO t VALUES ('v')")).isEmpty();
    assertThat(command.read("    ADD CONSTRAINT c CHECK ((a <> 'v'::text));")).isEmpty();
  }

  @Test
  void theFailureNamesWhatWasBuilt() {
    MigrationException failure =
        ToolFailures.translate(
            "pg_restore",
            "build the indexes",
            1,
            "pg_restore: while PROCESSING TOC: | pg_restore: from TOC entry 3361; 2606 24584 CHECK"
                + " CONSTRAINT t positive migrator | pg_restore: error: could not execute query:"
                + " ERROR:  function f() does not exist");

    assertThat(failure)
        .hasMessageStartingWith(
            "pg_restore could not build the indexes, at CHECK CONSTRAINT t positive (status 1): ")
        .hasMessageEndingWith(
            "Retrying cannot help. Fix this on the shared side, or leave it out, and start the"
                + " migration again.");
  }
}

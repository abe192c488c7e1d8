package com.matih.tenantmigration.activities.postgres.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramRunnerTest {

  @TempDir Path folder;

  @Test
  void theProgramConnectsByItsEnvironmentAndSpeaksEnglish() throws IOException {
    Path output = folder.resolve("output");

    ProgramRunner.runInto(
        output,
        List.of("/bin/sh", "-c", "echo $PGPASSWORD $PGHOST $LC_ALL"),
        Map.of("PGPASSWORD", "secret", "PGHOST", "db"),
        "say what it sees",
        ProgressMonitor.unmonitored());

    assertThat(Files.readString(output)).isEqualTo("secret db C\n");
  }

  @Test
  void ofTheWorkersOwnEnvironmentTheProgramGetsNoSecrets() {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH", "/usr/bin",
                "KRB5CCNAME", "/run/tickets",
                "PGPASSFILE", "/root/.pgpass",
                "TENANT_MIGRATION_SECRET_S3", "secret",
                "TEMPORAL_API_KEY", "secret"));

    ProgramEnvironment.limit(environment);

    assertThat(environment).containsOnlyKeys("PATH", "KRB5CCNAME");
  }

  @Test
  void aFailureTellsTheLastLinesAndNeverThePassword() {
    assertThatThrownBy(
            () ->
                run(
                    "for i in 1 2 3 4 5 6 7 8 9; do echo line $i >&2; done;"
                        + " echo wrong: $PGPASSWORD >&2; exit 3"))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.TOOL_FAILED))
        .hasMessageContaining("sh could not do its work (status 3)")
        .hasMessageContaining("line 9 | wrong: ***")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("line 1 ");
  }

  /** What pg_restore repeats of the server's details may hold a tenant's values. */
  @Test
  void aFailureTellsWhatHappenedAndNoValuesOfRows() {
    assertThatThrownBy(
            () ->
                run(
                    """
                    cat >&2 <<'END'
                    sh: error: could not execute query: ERROR:  could not create unique index "i"
                    DETAIL:  Key (email)=(jane@acme.example
                    second line of the value) is duplicated.
                    Command was: CREATE UNIQUE INDEX i ON t (email)
                        WHERE name = 'a value';
                    sh: detail: Command was: COPY t (email)
                    sh: error: a worker process died
                    CONTEXT:  COPY t, line 1: "jane@acme.example"
                    END
                    exit 1\
                    """))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(
            "sh: error: could not execute query: ERROR:  could not create unique index \"i\" | in"
                + " CREATE UNIQUE INDEX i ON t | sh: error: a worker process died. The index lacks"
                + " entries on the shared side")
        .hasMessageNotContaining("jane")
        .hasMessageNotContaining("a value");
  }

  @Test
  void aValueInAnErrorAndTheTextOfAFunctionAreLeftOut() {
    assertThatThrownBy(
            () ->
                run(
                    """
                    cat >&2 <<'END'
                    sh: error: could not execute query: ERROR:  invalid input syntax for type integer: "jane"
                    sh: error: could not execute query: ERROR:  jane@acme.example is wrong
                    CONTEXT:  PL/pgSQL function s.check_mail(text) line 2 at RAISE
                    END
                    exit 1\
                    """))
        .hasMessageContaining("invalid input syntax for type integer: …")
        .hasMessageContaining("ERROR:  function s.check_mail raised an error")
        .hasMessageNotContaining("jane");
  }

  @Test
  void aProgramThatIsNotThereIsNamedWithItsPackage() {
    assertThatThrownBy(
            () ->
                ProgramRunner.run(
                    List.of("/nowhere/pg_dump"), Map.of(), "dump", ProgressMonitor.unmonitored()))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("Cannot start pg_dump")
        .hasMessageContaining("postgresql-client");
  }

  @Test
  void aCancelEndsTheProgramWithinASecondOrSo() {
    Instant begin = Instant.now();

    assertThatThrownBy(
            () ->
                ProgramRunner.run(
                    List.of("/bin/sleep", "60"), Map.of(), "sleep", new CancelledSoon(begin)))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CANCELLED));
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  private static void run(String script) {
    ProgramRunner.run(
        List.of("/bin/sh", "-c", script),
        Map.of("PGPASSWORD", "secret"),
        "do its work",
        ProgressMonitor.unmonitored());
  }

  /** Is cancelled half a second after its beginning. */
  private record CancelledSoon(Instant begin) implements ProgressMonitor {

    @Override
    public void update(Progress progress) {}

    @Override
    public boolean isCancelled() {
      return Duration.between(begin, Instant.now()).toMillis() > 500;
    }

    @Override
    public void throwIfCancelled() {
      if (isCancelled()) {
        throw new MigrationException(FailureType.CANCELLED, "stop");
      }
    }

    @Override
    public Registration onCancel(Runnable action) {
      return () -> {};
    }
  }
}

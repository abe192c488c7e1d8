package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scratch database is there during a plan alone, and nobody else's is touched. */
class ScratchDatabaseIT extends RehearsalLab {

  private final String role = "rehearser_" + migrationId;

  @BeforeEach
  void createTable() throws SQLException {
    inShared("CREATE TABLE queries (id int PRIMARY KEY, tenant_id text NOT NULL)");
  }

  @AfterEach
  void dropRole() throws SQLException {
    target.close();
    target.inMaintenance("DROP ROLE IF EXISTS " + role);
  }

  @Test
  void aPlanRehearsesInADatabaseOfItsOwnAndDropsIt() throws SQLException {
    List<String> seen = new ArrayList<>();

    PlanFindings plan =
        plan(
            context(spec(target.spec(), List.of())),
            onProgress("rehearsing indexes", () -> seen.addAll(scratchDatabases(migrationId))));

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings()).extracting(Warning::object).doesNotContain("rehearsal");
    assertThat(seen).containsExactly(ScratchDatabase.nameOf(migrationId));
    assertThat(scratchDatabases(migrationId)).isEmpty();
    assertThat(
            target.inMaintenanceQuery(
                "SELECT 1 FROM pg_database WHERE datname = '%s'".formatted(target.name())))
        .isEmpty();
  }

  @Test
  void aPlanWithoutRehearsalSaysWhatWasNotTriedAndCreatesNothing() {
    MigrationContext context = context(spec(target.spec(), List.of())).withoutRehearsal();

    PlanFindings plan = plan(context);

    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("rehearsal")
                    && warning.message().contains("skipped as requested")
                    && warning.message().contains("was not tried"));
  }

  @Test
  void aUserWhoMayCreateNoDatabaseIsToldWhatWasNotTried() throws SQLException {
    target.inMaintenance(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
        "CREATE DATABASE %s OWNER %s".formatted(target.name(), role));

    PlanFindings plan = plan(context(spec(target.specAs(role), List.of())));

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("rehearsal") && warning.message().contains("CREATEDB"));
  }

  @Test
  void whatADeadWorkerLeftIsDroppedByTheNextPlanAndNothingElse() throws SQLException {
    String dead = TestJournal.newMigrationId();
    String live = TestJournal.newMigrationId();
    String foreign = TestJournal.newMigrationId();
    // a plan of a class beside would drop what has no comment yet
    try (Connection maker = target.maintenance()) {
      for (String id : List.of(dead, live, foreign)) {
        assertThat(ScratchDatabase.isLocked(maker, ScratchDatabase.nameOf(id))).isTrue();
        target.inMaintenance("CREATE DATABASE " + ScratchDatabase.nameOf(id));
      }
      for (String id : List.of(dead, live)) {
        target.inMaintenance(
            "COMMENT ON DATABASE %s IS '%s of tenant x'"
                .formatted(ScratchDatabase.nameOf(id), ScratchDatabase.mark(id)));
      }
      target.inMaintenance(
          "COMMENT ON DATABASE %s IS 'somebody else''s'"
              .formatted(ScratchDatabase.nameOf(foreign)));
    }
    try (Connection holder = target.maintenance()) {
      assertThat(ScratchDatabase.isLocked(holder, ScratchDatabase.nameOf(live))).isTrue();

      plan();

      assertThat(scratchDatabases(dead)).isEmpty();
      assertThat(scratchDatabases(live)).hasSize(1);
      assertThat(scratchDatabases(foreign)).hasSize(1);
    } finally {
      for (String id : List.of(live, foreign)) {
        target.inMaintenance("DROP DATABASE IF EXISTS " + ScratchDatabase.nameOf(id));
      }
    }
  }

  @Test
  void anAttemptTakesOverFromOneThatHangsAndDropsWhatItLeft() throws SQLException {
    CompletableFuture<PlanFindings> second = new CompletableFuture<>();
    PostgresSpec spec = spec(target.spec(), List.of());

    PlanFindings first =
        plan(
            context(spec),
            onProgress("rehearsing indexes", () -> second.complete(plan(context(spec)))));

    assertThat(second.join().refusals()).isEmpty();
    // its database was taken from it, which is no finding about the schema
    assertThat(first.refusals()).hasSize(1);
    assertThat(first.refusals().get(0).object()).isEqualTo("rehearsal");
    assertThat(scratchDatabases(migrationId)).isEmpty();
  }

  @Test
  void plansWithSeveralIdsDoNotMeet() throws SQLException {
    String other = TestJournal.newMigrationId();
    PostgresSpec spec = spec(target.spec(), List.of());
    MigrationContext theirs = TestRequests.context(other, TestRequests.withPostgres(spec));
    List<PlanFindings> second = new ArrayList<>();

    PlanFindings first =
        plan(context(spec), onProgress("rehearsing indexes", () -> second.add(plan(theirs))));

    assertThat(first.refusals()).isEmpty();
    assertThat(second.get(0).refusals()).isEmpty();
    assertThat(scratchDatabases(other)).isEmpty();
  }

  @Test
  void aCancelledPlanLeavesNoDatabase() throws SQLException {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    ProgressMonitor cancelled = onProgress("rehearsing indexes", monitor, monitor::cancel);
    MigrationException failure;
    try (WorkScope scope = WorkScope.enter(cancelled)) {
      failure =
          catchThrowableOfType(
              MigrationException.class,
              () -> plan(context(spec(target.spec(), List.of())), cancelled));
    }

    assertThat(failure.type()).isEqualTo(FailureType.CANCELLED);
    assertThat(scratchDatabases(migrationId)).isEmpty();
  }

  @Test
  void anEmptyDatabaseThatIsThereIsTheModel() throws SQLException {
    target.inMaintenance("CREATE DATABASE " + target.name());
    target.execute("CREATE EXTENSION citext SCHEMA public");
    List<String> seen = new ArrayList<>();

    PlanFindings plan =
        plan(
            context(spec(target.spec(), List.of())),
            onProgress(
                "rehearsing indexes",
                () ->
                    seen.addAll(
                        scratch().query("SELECT extname FROM pg_extension ORDER BY extname"))));

    assertThat(plan.refusals()).isEmpty();
    assertThat(seen).containsExactly("citext", "plpgsql");
  }

  private TestDatabase scratch() {
    return target.sibling(ScratchDatabase.nameOf(migrationId));
  }

  /** What a test does in the middle of a plan. */
  private interface Deed {
    void run() throws SQLException;
  }

  private static ProgressMonitor onProgress(String doing, Deed deed) {
    return onProgress(doing, ProgressMonitor.unmonitored(), deed);
  }

  private static ProgressMonitor onProgress(String doing, ProgressMonitor inner, Deed deed) {
    return new ProgressMonitor() {
      private boolean isDone;

      @Override
      public void update(Progress progress) {
        if (!isDone && progress.toString().contains(doing)) {
          isDone = true;
          try {
            deed.run();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }
      }

      @Override
      public boolean isCancelled() {
        return inner.isCancelled();
      }

      @Override
      public void throwIfCancelled() {
        inner.throwIfCancelled();
      }

      @Override
      public Registration onCancel(Runnable action) {
        return inner.onCancel(action);
      }
    };
  }
}

package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorages;
import com.matih.tenantmigration.activities.engine.throttle.ReplicaWatch;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The activities in the order in which the workflow runs them. */
class PostgresActivitiesIT {

  private static final String ACME_WRITES =
      "INSERT INTO %s.workspaces (tenant_id, name) VALUES ('acme', 'late')";

  @TempDir Path folder;

  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private TestDatabase source;
  private TestDatabase target;
  private MigrationContext context;
  private PostgresActivities activities;

  @BeforeEach
  void prepare() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    target = TestDatabase.named(TestServers.dedicatedPostgres());
    source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.workspaces (id bigserial PRIMARY KEY, tenant_id text, name text)",
        "INSERT INTO shared.workspaces (tenant_id, name)"
            + " VALUES ('acme', 'one'), ('globex', 'two'), ('acme', 'three')");
    context = TestRequests.context(TestJournal.newMigrationId(), request());
    MigrationJournal journal = TestJournal.shared();
    temporal.registerActivitiesImplementations(
        new PostgresActivitiesImpl(
            TestDatabase.secrets(TestServers.postgres(), TestServers.dedicatedPostgres()),
            journal,
            new Throttles(journal, ReplicaWatch.NONE),
            TestGuard.permitting(),
            new SnapshotStorages(
                nowhere -> {
                  throw new IllegalStateException("no bucket here");
                }),
            TestObjects.ALL,
            null));
    activities = temporal.newActivityStub(PostgresActivities.class);
  }

  @AfterEach
  void close() throws SQLException {
    temporal.close();
    source.close();
    target.close();
  }

  @Test
  void aTenantMovesAndMayWriteOnlyAfterTheLastAct() throws SQLException {
    PlanFindings plan = activities.plan(context);
    assertThat(plan.refusals()).isEmpty();
    assertThat(folder).isEmptyDirectory();

    String snapshot = copyAndSeal();

    assertThat(snapshot).isEqualTo("file:%s/acme/%s".formatted(folder, context.migrationId()));
    assertThat(Path.of(snapshot.substring("file:".length())).resolve("manifest.json")).exists();
    assertThat(target.query("SELECT name FROM workspaces ORDER BY id"))
        .containsExactly("one", "three");
    assertThatThrownBy(() -> target.execute(ACME_WRITES.formatted("public")))
        .hasMessageContaining("read-only");

    activities.openForWrites(context);
    activities.removeLedger(context);

    target.execute(ACME_WRITES.formatted("public"));
    assertThat(target.query("SELECT max(id) FROM workspaces")).containsExactly("4");
    assertThat(target.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant_%'"))
        .isEmpty();
  }

  @Test
  void aRollbackLetsTheTenantWriteAgainAndDropsTheDatabase() throws SQLException {
    copyAndSeal();
    assertThatThrownBy(() -> source.execute(ACME_WRITES.formatted("shared")))
        .hasMessageContaining("read-only");

    assertThat(activities.releaseFence(context).status()).isEqualTo(RollbackStep.Status.DONE);
    source.execute(ACME_WRITES.formatted("shared"));
    assertThat(activities.removeFence(context).status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(activities.removeFence(context).status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(activities.dropDatabase(context, "a test").status())
        .isEqualTo(RollbackStep.Status.DONE);

    assertThat(
            target.inMaintenanceQuery(
                "SELECT datname FROM pg_database WHERE datname LIKE '%s%%'"
                    .formatted(target.name())))
        .isEmpty();
    assertThat(activities.releaseFence(context).status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThatThrownBy(() -> activities.copyRows(context))
        .as("a late attempt finds nothing to write to")
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void anEmptyDatabaseThatWasThereIsEmptiedAndKeptAndOneOfEverythingMovesIntoIt()
      throws SQLException {
    source.execute("DROP SCHEMA shared CASCADE");
    RichSchema.create(source, "shared");
    target.inMaintenance("CREATE DATABASE " + target.name());
    MigrationContext rich =
        TestRequests.context(
            context.migrationId(), request(List.of("plans"), List.of("left_behind")));
    assertThat(activities.plan(rich).refusals()).isEmpty();

    activities.provision(rich);
    activities.fence(rich);
    activities.takeSnapshot(rich);
    activities.createSchema(rich);
    activities.copyRows(rich);
    activities.finish(rich);

    assertThat(target.query("SELECT count(*) FROM runs")).containsExactly("400");
    assertThat(target.query("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        .containsExactly("tamper");
    assertThat(activities.dropDatabase(rich, "a test").status())
        .isEqualTo(RollbackStep.Status.DONE);
    assertThat(
            target.query(
                "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_'"
                    + " AND n.nspname <> 'information_schema'"))
        .isEmpty();
    target.execute("CREATE TABLE public.usable (id int)");
  }

  @Test
  void aSnapshotFolderThatCannotBeUsedIsRefused() throws Exception {
    Files.delete(folder);
    Files.writeString(folder, "a file");
    try {
      assertThat(activities.plan(context).refusals())
          .anySatisfy(refusal -> assertThat(refusal.store()).isEqualTo("snapshot"));
    } finally {
      Files.delete(folder);
      Files.createDirectory(folder);
    }
  }

  /** Each activity runs twice, as it may. */
  private String copyAndSeal() {
    for (int i = 0; i < 2; i++) {
      activities.provision(context);
      activities.fence(context);
      activities.takeSnapshot(context);
    }
    for (int i = 0; i < 2; i++) {
      activities.createSchema(context);
    }
    activities.copyRows(context);
    // COPY's header has 19 bytes and its end 2; the rows have 29 and 31
    assertThat(activities.copyRows(context))
        .isEqualTo(
            StoresSummary.of(
                new StoresSummary.Postgres(
                    List.of(new StoresSummary.Table("public.workspaces", 2, 81)))));
    for (int i = 0; i < 2; i++) {
      activities.finish(context);
    }
    return activities.takeSnapshot(context);
  }

  private MigrationRequest request() {
    return request(List.of(), List.of());
  }

  private MigrationRequest request(List<String> referenceTables, List<String> excludeTables) {
    MigrationRequest plain =
        TestRequests.withPostgres(
            PostgresSpecBuilder.rows(source.spec(), target.spec())
                .referenceTables(referenceTables)
                .excludeTables(excludeTables)
                .parallelism(2)
                .build());
    return new MigrationRequest(
        plain.tenant(),
        plain.tenantKey(),
        plain.tier(),
        plain.mode(),
        plain.approval(),
        plain.onRollback(),
        plain.settle(),
        plain.storeTimeout(),
        new SnapshotSpec("file:" + folder),
        plain.postgres(),
        null,
        null,
        null,
        null,
        plain.verification());
  }
}

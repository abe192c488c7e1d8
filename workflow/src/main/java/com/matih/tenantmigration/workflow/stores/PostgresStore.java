package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.temporal.Failures;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.Optional;

/** The tenant's rows: the one store that can refuse writes and that the snapshot is taken of. */
final class PostgresStore extends Store {

  private final PostgresSpec spec;
  private final Stubs<PostgresActivities> postgres = Stubs.of(PostgresActivities.class, context);

  PostgresStore(MigrationContext context, PostgresSpec spec) {
    super(StoreName.POSTGRES, context);
    this.spec = spec;
  }

  @Override
  public PlanFindings plan() {
    return postgres.preflight().plan(context);
  }

  @Override
  public void provision(StepRunner steps) {
    steps.register(dropDatabase());
    postgres.patient().provision(context);
  }

  @Override
  public void capture(StepRunner steps) {
    steps.register(removeFence());
    steps.register(releaseFence());
    steps.run(Step.CAPTURE_CHANGES, () -> working().patient().capture(now()));
  }

  @Override
  public Optional<Runnable> watch() {
    return Optional.of(() -> working().following().watchCapture(now()));
  }

  @Override
  public void fence(StepRunner steps) {
    steps.register(removeFence());
    steps.register(releaseFence());
    postgres.step().fence(context);
  }

  @Override
  public void snapshot(StepRunner steps) {
    steps
        .log()
        .timed(
            Step.TAKE_SNAPSHOT,
            () -> steps.log().snapshotTaken(working().step().takeSnapshot(now())));
  }

  @Override
  public void copy(StepRunner steps) {
    steps.run(Step.CREATE_SCHEMA, () -> working().bulk().createSchema(now()));
    steps.move(Step.COPY_ROWS, () -> working().bulk().copyRows(now()));
    steps.run(Step.FINISH_DATABASE, () -> working().bulk().finish(now()));
  }

  @Override
  public void follow(StepRunner steps, Following following) {
    steps.follow(name(), () -> working().following().follow(now(), following));
  }

  @Override
  public void drain(StepRunner steps) {
    steps.drain(Step.DRAIN_ROWS, () -> postgres.step().drain(context));
  }

  private Stubs<PostgresActivities> working() {
    return Stubs.of(PostgresActivities.class, now());
  }

  @Override
  public void open() {
    postgres.step().openForWrites(context);
  }

  @Override
  public List<CleanupStep> cleanup() {
    CleanupStep removeLedger =
        new CleanupStep(Step.REMOVE_LEDGER, () -> postgres.moment().removeLedger(context));
    return switch (context.request().mode()) {
      case ONLINE ->
          List.of(
              new CleanupStep(
                  Step.VALIDATE_KEYS,
                  () -> Stubs.of(PostgresActivities.class).bulk().validateKeys(context)),
              new CleanupStep(
                  Step.COMPARE_FROZEN_ROWS,
                  () -> Stubs.of(PostgresActivities.class).bulk().compareFrozenRows(context)),
              removeLedger);
      case OFFLINE -> List.of(removeLedger);
    };
  }

  @Override
  public List<RollbackAction> rollback() {
    return List.of(dropDatabase(), removeFence(), releaseFence());
  }

  private RollbackAction dropDatabase() {
    String url = ManualCommands.withoutParameters(spec.target().url());
    String name = url.substring(url.lastIndexOf('/') + 1);
    return new RollbackAction(
        Compensation.DROP_DATABASE,
        "the dedicated database " + url,
        List.of(
            "DROP DATABASE %s WITH (FORCE), where its comment names migration %s"
                .formatted(ManualCommands.identifier(name), context.migrationId()),
            "DROP DATABASE IF EXISTS tenant_migration_%s WITH (FORCE)"
                .formatted(context.migrationId())),
        reason -> postgres.cleaning().dropDatabase(context, reason));
  }

  private RollbackAction releaseFence() {
    return new RollbackAction(
        Compensation.RELEASE_FENCE,
        "the fence in " + sharedSchema(),
        dropFence(),
        reason -> postgres.untilDone().releaseFence(context));
  }

  private RollbackAction removeFence() {
    return new RollbackAction(
        Compensation.REMOVE_FENCE,
        "the fence's triggers in " + sharedSchema(),
        dropFence(),
        reason -> postgres.forHours().removeFence(context));
  }

  private String sharedSchema() {
    return "schema %s of %s"
        .formatted(spec.sourceSchema(), ManualCommands.withoutParameters(spec.source().url()));
  }

  /** The functions of one migration; their triggers go with them. */
  private List<String> dropFence() {
    return List.of(
        "in the shared database, psql: SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure)"
            + " FROM pg_proc WHERE pronamespace = 'tenant_migration_fence'::regnamespace"
            + " AND starts_with(proname, 'fence_"
            + context.migrationId()
            + "') \\gexec");
  }

  /** A database that does not tell keeps nobody from looking. */
  @Override
  public Optional<String> fenceLeft() {
    try {
      return Optional.of(postgres.preflight().lookForFence(context));
    } catch (ActivityFailure e) {
      return Optional.of("Cannot read the shared database: " + Failures.message(e));
    }
  }
}

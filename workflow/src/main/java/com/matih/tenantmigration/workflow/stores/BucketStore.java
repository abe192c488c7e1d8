package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.ObjectStorageActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.List;

/** The tenant's objects. */
final class BucketStore extends Store {

  private final ObjectStorageSpec.Location target;
  private final Stubs<ObjectStorageActivities> objects =
      Stubs.of(ObjectStorageActivities.class, context);

  BucketStore(MigrationContext context, ObjectStorageSpec spec) {
    super(StoreName.OBJECT_STORAGE, context);
    this.target = spec.target();
  }

  @Override
  public PlanFindings plan() {
    return objects.preflight().plan(context);
  }

  @Override
  public void provision(StepRunner steps) {
    steps.register(deleteObjects());
    objects.patient().provision(context);
  }

  @Override
  public void copy(StepRunner steps) {
    steps.move(Step.COPY_OBJECTS, () -> working().bulk().copy(now()));
  }

  @Override
  public void follow(StepRunner steps, Following following) {
    steps.follow(name(), () -> working().following().follow(now(), following));
  }

  @Override
  public void followReferenced(StepRunner steps) {
    follow(steps, Following.UNTIL_CAUGHT_UP);
  }

  @Override
  public void drain(StepRunner steps) {
    steps.drain(Step.DRAIN_OBJECTS, () -> objects.step().drain(context));
  }

  private Stubs<ObjectStorageActivities> working() {
    return Stubs.of(ObjectStorageActivities.class, now());
  }

  @Override
  public List<CleanupStep> cleanup() {
    return switch (context.request().mode()) {
      case ONLINE ->
          List.of(
              new CleanupStep(Step.FORGET_OBJECTS, () -> objects.moment().forgetObjects(context)));
      case OFFLINE -> List.of();
    };
  }

  @Override
  public List<RollbackAction> rollback() {
    return List.of(deleteObjects());
  }

  private RollbackAction deleteObjects() {
    String aws =
        target.endpoint() == null
            ? "aws s3"
            : "aws --endpoint-url %s s3"
                .formatted(ManualCommands.word(ManualCommands.address(target.endpoint())));
    return new RollbackAction(
        Compensation.DELETE_OBJECTS,
        "the dedicated objects below " + target.uri(),
        List.of(
            "%s rm --recursive %s".formatted(aws, ManualCommands.word(target.uri())),
            "%s rb %s, where the migration created the bucket"
                .formatted(aws, ManualCommands.word("s3://" + target.bucket()))),
        reason -> objects.cleaning().deleteObjects(context));
  }
}

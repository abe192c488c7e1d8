package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.KafkaActivities;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import org.jspecify.annotations.Nullable;

/** Runs {@link KafkaMigration} as Temporal activities. */
public final class KafkaActivitiesImpl implements KafkaActivities {

  private final RequestReach reach;
  private final Throttles throttles;
  private final KafkaMigration migration;

  public KafkaActivitiesImpl(
      SecretResolver secrets, MigrationJournal journal, Throttles throttles, RemovalGuard guard) {
    this.reach = new RequestReach(secrets);
    this.throttles = throttles;
    this.migration = new KafkaMigration(new KafkaClients(secrets), journal, guard);
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> reach.plan(context, StoreName.KAFKA, () -> migration.plan(context, monitor)));
  }

  @Override
  public void provision(MigrationContext context) {
    ActivityRunner.run(context, monitor -> migration.provision(context, monitor));
  }

  @Override
  public void readPositions(MigrationContext context) {
    ActivityRunner.run(context, monitor -> migration.readPositions(context, monitor));
  }

  @Override
  public StoresSummary replay(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            throttles.reading(
                context,
                StoreName.KAFKA,
                monitor,
                throttled -> migration.replay(context, throttled)));
  }

  @Override
  public void finalizeTopics(MigrationContext context) {
    ActivityRunner.run(context, monitor -> migration.finalizeTopics(context, monitor));
  }

  @Override
  public void removeAnchor(MigrationContext context) {
    ActivityRunner.run(context, monitor -> migration.removeAnchor(context));
  }

  @Override
  public RollbackStep deleteTopics(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> migration.deleteTopics(context));
  }

  @Override
  public @Nullable Followed follow(MigrationContext context, Following following) {
    return ActivityRunner.follow(
        context,
        monitor ->
            throttles.read(
                context,
                StoreName.KAFKA,
                monitor,
                throttled -> migration.follow(context, following, throttled)));
  }

  @Override
  public Drained drain(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> migration.drain(context, monitor));
  }
}

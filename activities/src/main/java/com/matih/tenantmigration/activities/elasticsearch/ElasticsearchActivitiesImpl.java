package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.copy.IndexCopier;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentDrain;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentFollower;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexProvisioner;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexRemover;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.secrets.RequestReach;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.ElasticsearchActivities;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import org.jspecify.annotations.Nullable;

/** Runs the Elasticsearch engine's steps as activities. */
public final class ElasticsearchActivitiesImpl implements ElasticsearchActivities {

  private final RequestReach reach;
  private final Throttles throttles;
  private final IndexPlanner planner;
  private final IndexProvisioner provisioner;
  private final IndexCopier copier;
  private final DocumentFollower follower;
  private final DocumentDrain drain;
  private final IndexRemover remover;

  public ElasticsearchActivitiesImpl(
      SecretResolver secrets, MigrationJournal journal, Throttles throttles, RemovalGuard guard) {
    this.reach = new RequestReach(secrets);
    this.throttles = throttles;
    ElasticsearchClients clients = new ElasticsearchClients(secrets);
    this.planner = new IndexPlanner(clients);
    this.provisioner = new IndexProvisioner(clients, journal);
    this.copier = new IndexCopier(clients, journal);
    this.follower = new DocumentFollower(clients, journal);
    this.drain = new DocumentDrain(clients, journal);
    this.remover = new IndexRemover(clients, journal, guard);
  }

  @Override
  public PlanFindings plan(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            reach.plan(context, StoreName.ELASTICSEARCH, () -> planner.plan(context, monitor)));
  }

  @Override
  public void provision(MigrationContext context) {
    ActivityRunner.run(context, monitor -> provisioner.provision(context, monitor));
  }

  @Override
  public StoresSummary copy(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor ->
            throttles.reading(
                context,
                StoreName.ELASTICSEARCH,
                monitor,
                throttled -> copier.copy(context, throttled)));
  }

  @Override
  public void removeWriteAlias(MigrationContext context) {
    ActivityRunner.run(context, monitor -> remover.removeWriteAliases(context, monitor));
  }

  @Override
  public RollbackStep deleteIndices(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> remover.deleteIndices(context, monitor));
  }

  @Override
  public @Nullable Followed follow(MigrationContext context, Following following) {
    return ActivityRunner.follow(
        context,
        monitor ->
            throttles.read(
                context,
                StoreName.ELASTICSEARCH,
                monitor,
                throttled -> follower.follow(context, following, throttled)));
  }

  @Override
  public Drained drain(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> drain.drain(context, monitor));
  }
}

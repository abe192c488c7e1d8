package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.PositionReader;
import com.matih.tenantmigration.activities.kafka.copy.TopicReplayer;
import com.matih.tenantmigration.activities.kafka.follow.RecordDrain;
import com.matih.tenantmigration.activities.kafka.follow.RecordFollower;
import com.matih.tenantmigration.activities.kafka.plan.TopicPlanner;
import com.matih.tenantmigration.activities.kafka.provision.TopicFinalizer;
import com.matih.tenantmigration.activities.kafka.provision.TopicProvisioner;
import com.matih.tenantmigration.activities.kafka.provision.TopicRemover;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;

/** Kafka's part of a migration, step by step; each opens its clients and closes them again. */
public final class KafkaMigration {

  private final KafkaClients clients;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final RecordFollower.Pace pace;

  KafkaMigration(KafkaClients clients, MigrationJournal journal, RemovalGuard guard) {
    this(clients, journal, guard, RecordFollower.Pace.USUAL);
  }

  KafkaMigration(
      KafkaClients clients,
      MigrationJournal journal,
      RemovalGuard guard,
      RecordFollower.Pace pace) {
    this.pace = pace;
    this.clients = clients;
    this.journal = journal;
    this.guard = guard;
  }

  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    return new TopicPlanner(clients, context).plan(monitor);
  }

  void provision(MigrationContext context, ProgressMonitor monitor) {
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      TopicProvisioner provisioner =
          new TopicProvisioner(source, target, journal(context), context.migrationId());
      for (KafkaSpec.Topic topic : context.spec(KafkaSpec.class).topics()) {
        monitor.throwIfCancelled();
        provisioner.provision(topic);
      }
    }
  }

  void readPositions(MigrationContext context, ProgressMonitor monitor) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    try (KafkaCluster source = clients.source(context, monitor)) {
      PositionReader reader = new PositionReader(source, context, monitor);
      for (KafkaSpec.Topic topic : spec.topics()) {
        monitor.throwIfCancelled();
        var unused = journal(context).rememberPositions(topic.from(), () -> reader.read(topic));
      }
    }
  }

  StoresSummary replay(MigrationContext context, ProgressMonitor monitor) {
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      return StoresSummary.of(
          context.tenantWorks()
              ? new RecordFollower(source, target, journal(context), context, guard, pace)
                  .replay(monitor)
              : new TopicReplayer(source, target, journal(context), context, guard)
                  .replay(monitor));
    }
  }

  void follow(MigrationContext context, Following following, ProgressMonitor monitor) {
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      new RecordFollower(source, target, journal(context), context, guard, pace)
          .follow(following, monitor);
    }
  }

  Drained drain(MigrationContext context, ProgressMonitor monitor) {
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      return new RecordDrain(source, target, journal(context), context, guard).drain(monitor);
    }
  }

  void finalizeTopics(MigrationContext context, ProgressMonitor monitor) {
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      TopicFinalizer finalizer = new TopicFinalizer(source, target, journal(context));
      for (KafkaSpec.Topic topic : context.spec(KafkaSpec.class).topics()) {
        monitor.throwIfCancelled();
        finalizer.finish(topic);
      }
    }
  }

  void removeAnchor(MigrationContext context) {
    journal(context).end().note();
    try (KafkaCluster target = clients.target(context, WorkScope.current())) {
      new TopicRemover(target, journal(context), context, guard).removeAnchor();
    }
  }

  RollbackStep deleteTopics(MigrationContext context) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    journal(context).end().note();
    if (!journal(context).hasTraces(spec.topics())) {
      return new RollbackStep(
          Compensation.DELETE_TOPICS.name(),
          RollbackStep.Status.NOT_NEEDED,
          "no topic was created or taken over");
    }
    try (KafkaCluster target = clients.target(context, WorkScope.current())) {
      return new TopicRemover(target, journal(context), context, guard).remove(spec);
    }
  }

  private TopicJournal journal(MigrationContext context) {
    return new TopicJournal(journal, context.migrationId());
  }
}

package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.Groups;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** Looks at both clusters before anything is changed, and names every problem at once. */
public final class TopicPlanner {

  static final String GRANT = "Grant the migration the rights it needs, and repeat the plan.";

  private final KafkaClients clients;
  private final MigrationContext context;
  private final KafkaSpec spec;
  private final PlanNotes notes = new PlanNotes(StoreName.KAFKA);
  private final List<StoresSummary.Topic> topics = new ArrayList<>();

  public TopicPlanner(KafkaClients clients, MigrationContext context) {
    this.clients = clients;
    this.context = context;
    this.spec = context.spec(KafkaSpec.class);
  }

  public PlanFindings plan(ProgressMonitor monitor) {
    planNames();
    Optional<KafkaCluster> source =
        reach("kafka.source", () -> clients.source(context, monitor), monitor);
    try {
      Optional<KafkaCluster> target =
          reach("kafka.target", () -> clients.target(context, monitor), monitor);
      try {
        if (source.isPresent() && target.isPresent()) {
          planStores(source.get(), target.get(), monitor);
        }
      } finally {
        target.ifPresent(KafkaCluster::close);
      }
    } finally {
      source.ifPresent(KafkaCluster::close);
    }
    return notes.findings(
        topics.isEmpty()
            ? StoresSummary.NONE
            : StoresSummary.of(new StoresSummary.Kafka(topics, spec.consumerGroups().size())));
  }

  private void planNames() {
    Set<String> targets = new HashSet<>();
    Map<String, String> metrics = new HashMap<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      // as org.apache.kafka.common.internals.Topic.hasCollision
      String other = metrics.putIfAbsent(topic.to().replace('.', '_'), topic.to());
      if (other != null && !other.equals(topic.to())) {
        notes.refuse(
            topic.to(),
            "Kafka creates no topic of this name beside %s: it takes a dot and an underscore for the same."
                .formatted(other),
            "Choose names that differ otherwise.");
      }
      TenantFilter.problemOf(topic)
          .ifPresent(
              problem -> notes.refuse(topic.from(), problem, "Give the topic one selector."));
      if (!targets.add(topic.to())) {
        notes.refuse(
            topic.to(), "Two topics have this target.", "Give each topic a name of its own.");
      }
    }
    Set<String> groups = new HashSet<>();
    for (KafkaSpec.ConsumerGroup group : spec.consumerGroups()) {
      if (!groups.add(group.to())) {
        notes.refuse(
            group.to(), "Two groups have this target.", "Give each group a name of its own.");
      }
    }
  }

  private Optional<KafkaCluster> reach(
      String object, Supplier<KafkaCluster> open, ProgressMonitor monitor) {
    try {
      KafkaCluster cluster = open.get();
      try {
        cluster.requireAllowedBrokers(() -> new BootstrapPorts(cluster).require(monitor));
        return Optional.of(cluster);
      } catch (MigrationException e) {
        cluster.close();
        throw e;
      }
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      notes.refuse(
          Refusal.of(
              StoreName.KAFKA,
              object,
              String.valueOf(e.getMessage()),
              "Correct the cluster's addresses and properties."));
      return Optional.empty();
    }
  }

  private void planStores(KafkaCluster source, KafkaCluster target, ProgressMonitor monitor) {
    TopicPlan topicPlan = new TopicPlan(source, target, context, monitor, notes);
    planTransactions(target);
    planRights(target);
    for (KafkaSpec.Topic topic : spec.topics()) {
      monitor.throwIfCancelled();
      notes.attempt(topic.from(), GRANT, () -> topicPlan.plan(topic).ifPresent(topics::add));
    }
    notes.attempt(
        "kafka.source",
        GRANT,
        () ->
            new OpenTransactions(source, spec.waitForTransactions(), notes)
                .plan(topicPlan.held(), topicPlan.stableEnds()));
    GroupPlan groupPlan =
        new GroupPlan(source, target, spec, topicPlan.held(), topicPlan.dedicated(), notes);
    for (KafkaSpec.ConsumerGroup group : spec.consumerGroups()) {
      monitor.throwIfCancelled();
      notes.attempt(group.from(), GRANT, () -> groupPlan.plan(group));
    }
    if (notes.refusals().isEmpty()) {
      notes.expect(
          new RecordSpeed(source, spec)
              .estimate(topicPlan.held(), context.request().boundOnReading()));
    }
  }

  /** Asks for what is needed of topics, whether they exist, and of the anchors' group. */
  private void planRights(KafkaCluster target) {
    List<String> names = spec.topics().stream().map(KafkaSpec.Topic::to).distinct().toList();
    new TopicRights(target, names, notes).plan(firstTransactionalId());
    String anchors = Anchor.group(context.migrationId());
    Groups.Asked asked =
        target.groups().ask(List.of(anchors)).withCommits().withRemovals(names.get(0));
    notes.attempt("kafka.target", GRANT, () -> asked.requireCommits(anchors));
    notes.attempt("kafka.target", GRANT, () -> asked.requireRemovals(anchors));
    for (String topic : names) {
      notes.attempt(topic, GRANT, () -> target.groups().requireReadable(anchors, topic));
    }
  }

  private String firstTransactionalId() {
    String topic = spec.topics().get(0).to();
    return ReplayWriter.transactionalId(context.migrationId(), new TopicPartition(topic, 0));
  }

  /**
   * Asks for a transaction that does not exist, which a cluster without a coordinator cannot say.
   */
  private void planTransactions(KafkaCluster target) {
    try {
      var unused = target.transactions().state(firstTransactionalId());
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      if (e.type() == FailureType.STORE_UNREACHABLE) {
        notes.refuse(
            "kafka.target",
            "Its brokers process no transactions, in which records are replayed.",
            "Check that the cluster has as many brokers as its"
                + " transaction.state.log.replication.factor and transaction.state.log.min.isr ask"
                + " for, then repeat the plan.");
      } else if (e.type() == FailureType.PERMISSION_DENIED) {
        notes.refuse(
            Refusal.of(StoreName.KAFKA, "kafka.target", String.valueOf(e.getMessage()), GRANT));
      }
    }
  }
}

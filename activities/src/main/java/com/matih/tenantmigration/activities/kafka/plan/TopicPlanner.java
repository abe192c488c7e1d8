package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/** Looks at both clusters before anything is changed, and names every problem at once. */
public final class TopicPlanner {

  static final String STORE = TopicJournal.STORE;

  private final KafkaClients clients;
  private final MigrationContext context;
  private final KafkaSpec spec;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final List<StoresSummary.Topic> topics = new ArrayList<>();

  public TopicPlanner(KafkaClients clients, MigrationContext context) {
    this.clients = clients;
    this.context = context;
    this.spec = context.spec(KafkaSpec.class);
  }

  public PlanFindings plan(ProgressMonitor monitor) {
    planNames();
    Optional<KafkaCluster> source = reach("kafka.source", () -> clients.source(context, monitor));
    try {
      Optional<KafkaCluster> target = reach("kafka.target", () -> clients.target(context, monitor));
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
    return new PlanFindings(
        topics.isEmpty()
            ? StoresSummary.NONE
            : StoresSummary.of(new StoresSummary.Kafka(topics, spec.consumerGroups().size())),
        refusals,
        warnings);
  }

  private void planNames() {
    Set<String> targets = new HashSet<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      TenantFilter.problemOf(topic)
          .ifPresent(problem -> refuse(topic.from(), problem, "Give the topic one selector."));
      if (!targets.add(topic.to())) {
        refuse(topic.to(), "two topics have this target", "Give each topic a name of its own.");
      }
    }
    Set<String> groups = new HashSet<>();
    for (KafkaSpec.ConsumerGroup group : spec.consumerGroups()) {
      if (!groups.add(group.to())) {
        refuse(group.to(), "two groups have this target", "Give each group a name of its own.");
      }
    }
  }

  private Optional<KafkaCluster> reach(String object, Supplier<KafkaCluster> open) {
    try {
      KafkaCluster cluster = open.get();
      try {
        cluster.requireAllowedBrokers();
        return Optional.of(cluster);
      } catch (MigrationException e) {
        cluster.close();
        throw e;
      }
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      refuse(object, e, "Correct the cluster's addresses and properties.");
      return Optional.empty();
    }
  }

  private void planStores(KafkaCluster source, KafkaCluster target, ProgressMonitor monitor) {
    TopicPlan topicPlan = new TopicPlan(source, target, context, monitor, this::refuse, this::warn);
    GroupPlan groupPlan = new GroupPlan(source, target, this::refuse, this::warn);
    planTransactions(target);
    for (KafkaSpec.Topic topic : spec.topics()) {
      monitor.throwIfCancelled();
      attempt(topic.from(), () -> topicPlan.plan(topic).ifPresent(topics::add));
    }
    for (KafkaSpec.ConsumerGroup group : spec.consumerGroups()) {
      monitor.throwIfCancelled();
      attempt(group.from(), () -> groupPlan.plan(group, spec.topics()));
    }
  }

  /**
   * Asks for a transaction that does not exist, which a cluster without a coordinator cannot say.
   */
  private void planTransactions(KafkaCluster target) {
    String topic = spec.topics().get(0).to();
    try {
      var unused =
          target
              .transactions()
              .state(
                  ReplayWriter.transactionalId(
                      context.migrationId(), new TopicPartition(topic, 0)));
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      if (e.type() == FailureType.STORE_UNREACHABLE) {
        refuse(
            "kafka.target",
            "its brokers process no transactions, in which records are replayed",
            "Check that the cluster has as many brokers as its"
                + " transaction.state.log.replication.factor and transaction.state.log.min.isr ask"
                + " for, then repeat the plan.");
      } else if (e.type() == FailureType.PERMISSION_DENIED) {
        refuse("kafka.target", e, "Grant the migration the rights it needs, and repeat the plan.");
      }
    }
  }

  private void attempt(String object, Runnable look) {
    try {
      look.run();
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      refuse(object, e, "Grant the migration the rights it needs, and repeat the plan.");
    }
  }

  private void refuse(String object, MigrationException e, String remedy) {
    refusals.add(Refusal.of(STORE, object, String.valueOf(e.getMessage()), remedy));
  }

  private void refuse(String object, String reason, String remedy) {
    refusals.add(new Refusal(STORE, object, reason, remedy));
  }

  private void warn(String object, String message) {
    warnings.add(new Warning(STORE, object, message));
  }
}

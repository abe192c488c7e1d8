package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.activity.KafkaActivities;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.List;
import java.util.stream.Stream;

/** The tenant's records, replayed up to positions that are read once, behind the fence. */
final class TopicStore extends Store {

  private final KafkaSpec spec;
  private final Stubs<KafkaActivities> kafka = Stubs.of(KafkaActivities.class, context);

  TopicStore(MigrationContext context, KafkaSpec spec) {
    super(StoreName.KAFKA, context);
    this.spec = spec;
  }

  @Override
  public PlanFindings plan() {
    return kafka.preflight().plan(context);
  }

  @Override
  public List<Warning> planWarnings(StoresSummary planned) {
    StoresSummary.Kafka counted = planned.kafka();
    boolean exact = spec.topics().stream().allMatch(KafkaSpec.Topic::everyRecord);
    return counted == null || counted.topics().isEmpty() || exact
        ? List.of()
        : List.of(
            new Warning(
                name(),
                "topics",
                "The records of the shared topics are counted, including other tenants': an upper"
                    + " bound of what moves."));
  }

  @Override
  public void provision(StepRunner steps) {
    steps.register(deleteTopics());
    kafka.patient().provision(context);
  }

  @Override
  public void readPositions() {
    kafka.step().readPositions(context);
  }

  @Override
  public void copy(StepRunner steps) {
    steps.move(Step.REPLAY_TOPICS, () -> working().bulk().replay(now()));
  }

  @Override
  public void follow(StepRunner steps, Following following) {
    steps.follow(name(), () -> working().following().follow(now(), following));
  }

  @Override
  public void drain(StepRunner steps) {
    // bulk: the request may have it wait for an open transaction for longer than other steps take
    steps.drain(Step.DRAIN_TOPICS, () -> kafka.bulk().drain(context));
  }

  private Stubs<KafkaActivities> working() {
    return Stubs.of(KafkaActivities.class, now());
  }

  @Override
  public void finish() {
    kafka.step().finalizeTopics(context);
  }

  @Override
  public List<CleanupStep> cleanup() {
    return List.of(new CleanupStep(Step.REMOVE_ANCHOR, () -> kafka.moment().removeAnchor(context)));
  }

  @Override
  public List<RollbackAction> rollback() {
    return List.of(deleteTopics());
  }

  private RollbackAction deleteTopics() {
    List<String> topics = spec.topics().stream().map(KafkaSpec.Topic::to).toList();
    List<String> groups = spec.consumerGroups().stream().map(KafkaSpec.ConsumerGroup::to).toList();
    String anchor = "tenant-migration-%s-anchor".formatted(context.migrationId());
    return new RollbackAction(
        Compensation.DELETE_TOPICS,
        "the dedicated topics "
            + ManualCommands.list(
                Stream.concat(topics.stream(), groups.stream().map(group -> "group " + group))
                    .toList()),
        ManualCommands.bounded(
            Stream.concat(
                    topics.stream().map(topic -> delete("kafka-topics", "topic", topic)),
                    Stream.concat(groups.stream(), Stream.of(anchor))
                        .map(group -> delete("kafka-consumer-groups", "group", group)))
                .toList()),
        reason -> kafka.cleaning().deleteTopics(context));
  }

  private String delete(String tool, String kind, String name) {
    return "%s --bootstrap-server %s --delete --%s %s"
        .formatted(
            tool,
            ManualCommands.word(spec.target().bootstrapServers()),
            kind,
            ManualCommands.word(name));
  }
}

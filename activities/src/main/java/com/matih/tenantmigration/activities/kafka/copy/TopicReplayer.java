package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.BatchCodecs;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * Replays the tenant's records of all topics, each up to the positions that it is given: those read
 * after the fence, which are the last ones, or those of the moment while the tenant works.
 */
public final class TopicReplayer {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;
  private final String migrationId;
  private final String tenantKey;
  private final KafkaSpec spec;

  public TopicReplayer(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      MigrationContext context,
      RemovalGuard guard) {
    this.source = source;
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.guard = guard;
    this.migrationId = context.migrationId();
    this.tenantKey = context.request().tenantKey();
    this.spec = context.spec(KafkaSpec.class);
  }

  /** Replays up to the positions read after the fence; continues where an attempt stopped. */
  public StoresSummary.Kafka replay(ProgressMonitor monitor) {
    return replay(this::positionsOf, false, monitor);
  }

  /** Replays up to where the topics end now; the groups' positions come with the drain. */
  public StoresSummary.Kafka replayWhileTenantWorks(
      List<TopicPositions> ends, ProgressMonitor monitor) {
    Map<String, TopicPositions> byTopic = new HashMap<>();
    ends.forEach(topic -> byTopic.put(topic.topic(), topic));
    return replay(topic -> byTopic.get(topic.from()), true, monitor);
  }

  private StoresSummary.Kafka replay(
      Function<KafkaSpec.Topic, TopicPositions> upTo,
      boolean tenantWorks,
      ProgressMonitor monitor) {
    LatestAttempt latest = journal.begin(monitor.attempt());
    TopicPreparation preparation = new TopicPreparation(target, journal, context, guard);
    Map<String, ConsumerGroupMetadata> transactional = new HashMap<>();
    transactional.put(Anchor.group(migrationId), target.groupMetadata(Anchor.group(migrationId)));
    spec.consumerGroups()
        .forEach(group -> transactional.put(group.to(), target.groupMetadata(group.to())));

    List<Function<ProgressMonitor, List<Task>>> topics = new ArrayList<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      topics.add(
          shared -> {
            shared.throwIfCancelled();
            TopicPositions positions = upTo.apply(topic);
            return parts(
                topic,
                positions,
                preparation.prepare(topic, positions.partitions().size(), latest),
                transactional,
                tenantWorks);
          });
    }
    List<Task> tasks =
        WorkerPool.callAll("topic", monitor, topics).stream().flatMap(List::stream).toList();
    return new StoresSummary.Kafka(run(tasks, latest, monitor), groupsWithPositions(tasks));
  }

  private List<Task> parts(
      KafkaSpec.Topic topic,
      TopicPositions positions,
      TopicFacts dedicated,
      Map<String, ConsumerGroupMetadata> transactional,
      boolean tenantWorks) {
    Map<Integer, OffsetRange> ranges = tenantWorks ? target.topics().ranges(dedicated) : Map.of();
    String codec =
        ReplaySettings.compressionFor(dedicated, () -> BatchCodecs.of(source, topic.from()));
    List<Task> parts = new ArrayList<>();
    for (TopicPositions.Partition partition : positions.partitions()) {
      PartitionReplayer.Job job =
          new PartitionReplayer.Job(
              topic,
              partition,
              TenantFilter.of(topic, tenantKey),
              codec,
              spec.consumerGroups(),
              transactional,
              spec.waitForTransactions());
      parts.add(
          new Task(job, tenantWorks ? Optional.of(map(job, dedicated, ranges)) : Optional.empty()));
    }
    return parts;
  }

  private OffsetMap map(
      PartitionReplayer.Job job, TopicFacts dedicated, Map<Integer, OffsetRange> ranges) {
    OffsetRange range = Objects.requireNonNull(ranges.get(job.to().partition()));
    return OffsetMap.recall(journal, dedicated, job.to(), range.begin());
  }

  /**
   * One partition's part.
   *
   * @param map where offsets go while the tenant works
   */
  private record Task(PartitionReplayer.Job job, Optional<OffsetMap> map) {}

  private static int groupsWithPositions(List<Task> tasks) {
    return (int)
        tasks.stream()
            .flatMap(task -> task.job().positions().groups().keySet().stream())
            .distinct()
            .count();
  }

  private List<StoresSummary.Topic> run(
      List<Task> parts, LatestAttempt latest, ProgressMonitor monitor) {
    ReplayProgress progress =
        new ReplayProgress(
            parts.stream().mapToLong(part -> part.job().positions().size()).sum(),
            "replaying into");
    List<Function<ProgressMonitor, Long>> tasks = new ArrayList<>();
    for (Task part : parts) {
      tasks.add(
          shared ->
              new PartitionReplayer(
                      source, target, journal, latest, migrationId, part.job(), part.map())
                  .replay(shared, progress));
    }
    List<Long> records = WorkerPool.callAll("partition", monitor, tasks);
    Map<String, Long> byTopic = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      byTopic.merge(parts.get(i).job().topic().to(), records.get(i), Long::sum);
    }
    return byTopic.entrySet().stream()
        .map(topic -> new StoresSummary.Topic(topic.getKey(), topic.getValue()))
        .toList();
  }

  private TopicPositions positionsOf(KafkaSpec.Topic topic) {
    return journal
        .positions(topic.from())
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    "The positions of topic %s were not read before its replay."
                        .formatted(topic.from())));
  }
}

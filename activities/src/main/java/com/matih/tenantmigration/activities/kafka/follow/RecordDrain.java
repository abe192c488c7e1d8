package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.compare.FollowedComparison;
import com.matih.tenantmigration.activities.kafka.copy.PositionReader;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Completes the replay when the tenant no longer writes: the last records, the groups' positions,
 * and the comparison of what no check has compared.
 *
 * <p>Ends and positions are read once, for all attempts, after the fence. Each topic is carried
 * over up to there as while it was followed. Then the groups' positions are found and commit in one
 * transaction a topic, with anchors that say that it is complete. A late follower is fenced, as any
 * earlier attempt.
 */
public final class RecordDrain {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;
  private final KafkaSpec spec;

  public RecordDrain(
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
    this.spec = context.spec(KafkaSpec.class);
  }

  /**
   * Drains; repeatable.
   *
   * @throws MigrationException of type SOURCE_CHANGED where a shared topic is no longer the one
   *     that was followed
   */
  public Drained drain(ProgressMonitor monitor) {
    FollowedTopics topics = new FollowedTopics(source, journal, spec);
    topics.requireSame();
    List<TopicPositions> positions = lastPositions(topics, monitor);
    StoresSummary.Kafka replayed = carryOver(topics, positions, monitor);
    Finding finding =
        new FollowedComparison(source, target, journal, context).compareRest(positions, monitor);
    topics.requireSame();
    // nothing may have been written since the verification
    List<CheckResult> checks =
        finding.comparedCount() + finding.mismatchCount() == 0
            ? List.of()
            : List.of(finding.toResult(CheckName.RECORD_CONTENT));
    return new Drained(StoresSummary.of(replayed), checks);
  }

  private StoresSummary.Kafka carryOver(
      FollowedTopics topics, List<TopicPositions> positions, ProgressMonitor monitor) {
    List<FollowedTopic> followed =
        new TopicTakeover(source, target, journal, context, guard)
            .take(
                topics,
                spec.consumerGroups().stream().map(KafkaSpec.ConsumerGroup::to).toList(),
                monitor);
    try {
      List<Topic> left = new ArrayList<>();
      for (int i = 0; i < followed.size(); i++) {
        if (!followed.get(i).isComplete()) {
          left.add(new Topic(followed.get(i), positions.get(i)));
        }
      }
      forEach(left, (topic, shared) -> topic.carry(shared), monitor);
      translate(left, monitor);
      forEach(left, (topic, shared) -> topic.complete(), monitor);
      return new StoresSummary.Kafka(
          followed.stream()
              .map(topic -> new StoresSummary.Topic(topic.topic().to(), topic.records()))
              .toList(),
          groupsWithPositions(positions));
    } finally {
      followed.forEach(FollowedTopic::close);
    }
  }

  private static void forEach(
      List<Topic> topics, BiConsumer<Topic, ProgressMonitor> work, ProgressMonitor monitor) {
    List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
    for (Topic topic : topics) {
      tasks.add(
          shared -> {
            work.accept(topic, shared);
            return true;
          });
    }
    var unused = WorkerPool.callAll("topic", monitor, tasks);
  }

  /** Partitions by themselves: a topic may have many, and its groups may be far behind. */
  private void translate(List<Topic> topics, ProgressMonitor monitor) {
    List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
    for (Topic topic : topics) {
      boolean compacted = source.topics().require(topic.last.topic()).isCompacted();
      TopicGroups groups = new TopicGroups(topic.followed, target, compacted);
      for (TopicPositions.Partition partition : topic.last.partitions()) {
        tasks.add(
            shared -> {
              topic.stand(partition, groups.translate(partition, spec.consumerGroups(), shared));
              return true;
            });
      }
    }
    var unused = WorkerPool.callAll("partition", monitor, tasks);
  }

  /** A topic that is not complete yet. */
  private static final class Topic {

    private final FollowedTopic followed;
    private final TopicPositions last;
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> groups = new HashMap<>();

    Topic(FollowedTopic followed, TopicPositions last) {
      this.followed = followed;
      this.last = last;
    }

    void carry(ProgressMonitor monitor) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      last.partitions().forEach(each -> ends.put(each.of(last.topic()), each.end()));
      var unused = followed.carry(ends, monitor);
    }

    synchronized void stand(
        TopicPositions.Partition partition, Map<String, OffsetAndMetadata> translated) {
      TopicPartition to = partition.of(followed.topic().to());
      translated.forEach(
          (group, position) ->
              groups.computeIfAbsent(group, any -> new HashMap<>()).put(to, position));
    }

    void complete() {
      followed.complete(groups);
    }
  }

  private static int groupsWithPositions(List<TopicPositions> positions) {
    return (int)
        positions.stream()
            .flatMap(topic -> topic.partitions().stream())
            .flatMap(partition -> partition.groups().keySet().stream())
            .distinct()
            .count();
  }

  private List<TopicPositions> lastPositions(FollowedTopics topics, ProgressMonitor monitor) {
    PositionReader reader = new PositionReader(source, context, monitor);
    List<TopicPositions> all = new ArrayList<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      monitor.throwIfCancelled();
      TopicPositions read = journal.rememberPositions(topic.from(), () -> reader.read(topic));
      if (read.partitions().size() != topics.partitionsOf(topic.from())) {
        throw new MigrationException(
            FailureType.SOURCE_CHANGED,
            "Topic %s was given partitions while its positions were read. Start the migration again."
                .formatted(topic.from()));
      }
      all.add(read);
    }
    return all;
  }
}

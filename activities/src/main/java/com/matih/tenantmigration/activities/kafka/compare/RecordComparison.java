package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.RecordStream;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Partition;
import com.matih.tenantmigration.activities.kafka.copy.ReplayProgress;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the tenant's records on both sides, read afresh: each retained record up to the recorded
 * end, in order, with key, value, headers and timestamp, and where the groups stand among them.
 * While the tenant works, it is each record up to the anchor, and the groups come with the drain.
 */
public final class RecordComparison {

  private static final Logger log = LoggerFactory.getLogger(RecordComparison.class);
  private static final TenantFilter EVERY_RECORD = each -> true;

  private final KafkaClients clients;
  private final MigrationJournal journal;

  public RecordComparison(SecretResolver secrets, MigrationJournal journal) {
    this.clients = new KafkaClients(secrets);
    this.journal = journal;
  }

  /**
   * Compares; not applicable where the request leaves Kafka out or there is no record on either
   * side.
   */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    TopicJournal notes = new TopicJournal(journal, context.migrationId());
    Finding finding = new Finding();
    try (KafkaCluster source = clients.source(context, monitor);
        KafkaCluster target = clients.target(context, monitor)) {
      if (context.tenantWorks()) {
        return applicable(
            new FollowedComparison(source, target, notes, context).compareReplayed(monitor));
      }
      List<Function<ProgressMonitor, Long>> tasks = new ArrayList<>();
      List<TopicPositions> all =
          spec.topics().stream().map(topic -> positionsOf(notes, topic)).toList();
      ReplayProgress progress =
          new ReplayProgress(
              all.stream()
                  .flatMap(topic -> topic.partitions().stream())
                  .mapToLong(Partition::size)
                  .sum(),
              "comparing");
      for (int i = 0; i < all.size(); i++) {
        tasks.addAll(
            new OneTopic(context, source, target, spec.topics().get(i), finding, progress)
                .tasks(all.get(i)));
      }
      long removed =
          WorkerPool.callAll("partition", monitor, tasks).stream().mapToLong(Long::longValue).sum();
      if (removed > 0) {
        log.warn(
            "the shared topics' retention or compaction removed {} records since they were"
                + " replayed; the dedicated topics keep them",
            removed);
      }
    }
    return applicable(finding);
  }

  private static Finding applicable(Finding finding) {
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the tenant has no records on either side")
        : finding;
  }

  private static TopicPositions positionsOf(TopicJournal notes, KafkaSpec.Topic topic) {
    return notes
        .positions(topic.from())
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    "The positions of topic %s were never recorded, so it cannot be compared."
                        .formatted(topic.from())));
  }

  /** The comparison of one topic's partitions. */
  private record OneTopic(
      MigrationContext context,
      KafkaCluster source,
      KafkaCluster target,
      KafkaSpec.Topic topic,
      Finding finding,
      ReplayProgress progress) {

    List<Function<ProgressMonitor, Long>> tasks(TopicPositions positions) {
      Optional<TopicFacts> dedicated = target.topics().find(topic.to());
      if (dedicated.isEmpty()) {
        finding.mismatch("topic %s is missing".formatted(topic.to()));
        return List.of();
      }
      TopicFacts shared = source.topics().require(topic.from());
      Map<Integer, OffsetRange> sharedRanges = source.topics().ranges(shared);
      Map<Integer, OffsetRange> dedicatedRanges = target.topics().ranges(dedicated.get());
      List<Function<ProgressMonitor, Long>> tasks = new ArrayList<>();
      for (Partition partition : positions.partitions()) {
        OffsetRange left = sharedRanges.get(partition.partition());
        OffsetRange right = dedicatedRanges.get(partition.partition());
        if (left == null || right == null) {
          finding.mismatch("partition %s is missing".formatted(partition.of(topic.to())));
        } else {
          tasks.add(monitor -> compare(partition, left, right, shared.isCompacted(), monitor));
        }
      }
      return tasks;
    }

    private long compare(
        Partition partition,
        OffsetRange left,
        OffsetRange right,
        boolean compacted,
        ProgressMonitor monitor) {
      TopicPartition from = partition.of(topic.from());
      TopicPartition to = partition.of(topic.to());
      long begin = Math.min(Math.max(partition.begin(), left.begin()), partition.end());
      List<GroupComparison> groups = groups(partition);
      PartitionComparison comparison;
      long removed;
      try (PartitionReader originals = new PartitionReader(source, from, begin, partition.end());
          PartitionReader copies = new PartitionReader(target, to, right.begin(), right.end())) {
        comparison =
            new PartitionComparison(
                from,
                to,
                RecordStream.ofShared(
                    originals, TenantFilter.of(topic, context.request().tenantKey()), monitor),
                new RecordStream(copies, EVERY_RECORD, monitor),
                new PartitionComparison.Removal(
                    partition.begin(), originals::removedUpTo, compacted),
                groups,
                finding);
        removed = comparison.run();
      }
      if (comparison.isAlike()) {
        compareCount(to, comparison.records());
      }
      groups.forEach(group -> group.conclude(to, right, finding));
      progress.advance(monitor, partition.size(), topic.to());
      return removed;
    }

    /**
     * What the shared side has removed is not there to be compared with: that the dedicated side
     * has as many records as the replay wrote tells them from a stranger's.
     */
    private void compareCount(TopicPartition to, long records) {
      OffsetAndMetadata anchor =
          target.groups().positions(Anchor.group(context.migrationId()), List.of(to)).get(to);
      if (anchor != null && Anchor.of(anchor).records() != records) {
        finding.mismatch(
            "%s has %s, but the replay wrote %,d"
                .formatted(to, Units.plural(records, "record"), Anchor.of(anchor).records()));
      }
    }

    private List<GroupComparison> groups(Partition partition) {
      TopicPartition to = partition.of(topic.to());
      List<GroupComparison> groups = new ArrayList<>();
      for (KafkaSpec.ConsumerGroup group : groupsOf(context)) {
        TopicPositions.Position shared = partition.groups().get(group.from());
        OffsetAndMetadata dedicated = target.groups().positions(group.to(), List.of(to)).get(to);
        groups.add(new GroupComparison(group.from(), group.to(), shared, dedicated));
      }
      return groups;
    }

    private static List<KafkaSpec.ConsumerGroup> groupsOf(MigrationContext context) {
      return context.spec(KafkaSpec.class).consumerGroups();
    }
  }
}

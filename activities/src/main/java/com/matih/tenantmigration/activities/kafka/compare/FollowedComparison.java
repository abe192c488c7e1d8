package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.RecordStream;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.copy.ReplayProgress;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares the tenant's records on both sides while it works, and the rest when it has stopped:
 * each time from where the last comparison found both sides alike up to the anchor.
 *
 * <p>Up to its anchor a dedicated partition has exactly the tenant's records of the shared one
 * before the anchor's offset. What was compared is remembered with the control plane, so that each
 * record is compared once, and under the fence only what came since.
 */
public final class FollowedComparison {

  private static final TenantFilter EVERY_RECORD = each -> true;

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final KafkaSpec spec;

  public FollowedComparison(
      KafkaCluster source, KafkaCluster target, TopicJournal journal, MigrationContext context) {
    this.source = source;
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.spec = context.spec(KafkaSpec.class);
  }

  /** Who compares, and so who counts what was compared. */
  private enum Occasion {
    VERIFY,
    ON_THE_WAY,
    DRAIN
  }

  /** The check while the tenant works: all that is replayed, without the groups. */
  Finding compareReplayed(ProgressMonitor monitor) {
    return compare(Occasion.VERIFY, Map.of(), monitor);
  }

  /**
   * Whether the check has compared anything, so that what is replayed from now on is left to us.
   */
  public boolean hasBegun() {
    return spec.topics().stream()
        .map(topic -> new TopicPartition(topic.to(), 0))
        .anyMatch(partition -> journal.compared(partition).isPresent());
  }

  /**
   * Compares what was replayed since the last time, between two rounds.
   *
   * @throws MigrationException of type CONTENT_MISMATCH where both sides differ
   */
  public void compareOnTheWay(ProgressMonitor monitor) {
    Finding finding = compare(Occasion.ON_THE_WAY, Map.of(), monitor);
    if (finding.mismatchCount() > 0) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          "Records differ on both sides: %s. Start the migration again."
              .formatted(String.join("; ", finding.namedMismatches())));
    }
  }

  /** Compares what was replayed since the last time, and where the groups stand. */
  public Finding compareRest(List<TopicPositions> positions, ProgressMonitor monitor) {
    Map<String, TopicPositions> byTopic = new HashMap<>();
    positions.forEach(topic -> byTopic.put(topic.topic(), topic));
    return compare(Occasion.DRAIN, byTopic, monitor);
  }

  private Finding compare(
      Occasion occasion, Map<String, TopicPositions> positions, ProgressMonitor monitor) {
    Finding finding = new Finding();
    ReplayProgress progress = new ReplayProgress(-1, "comparing");
    List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      Optional<TopicFacts> dedicated = target.topics().find(topic.to());
      if (dedicated.isEmpty()) {
        finding.mismatch("topic %s is missing".formatted(topic.to()));
        continue;
      }
      Look look =
          new Look(
              topic,
              dedicated.get(),
              source.topics().require(topic.from()),
              occasion,
              finding,
              progress);
      tasks.addAll(look.tasks(Optional.ofNullable(positions.get(topic.from()))));
    }
    var unused = WorkerPool.callAll("partition", monitor, tasks);
    return finding;
  }

  /** The comparison of one topic. */
  private final class Look {

    private final KafkaSpec.Topic topic;
    private final TopicFacts dedicated;
    private final TopicFacts shared;
    private final Occasion occasion;
    private final Finding finding;
    private final ReplayProgress progress;
    private final TenantFilter filter;

    Look(
        KafkaSpec.Topic topic,
        TopicFacts dedicated,
        TopicFacts shared,
        Occasion occasion,
        Finding finding,
        ReplayProgress progress) {
      this.topic = topic;
      this.dedicated = dedicated;
      this.shared = shared;
      this.occasion = occasion;
      this.finding = finding;
      this.progress = progress;
      this.filter = TenantFilter.of(topic, context.request().tenantKey());
    }

    List<Function<ProgressMonitor, Boolean>> tasks(Optional<TopicPositions> positions) {
      Replayed replayed = replayed();
      Map<Integer, OffsetRange> left = source.topics().ranges(shared);
      Map<KafkaSpec.ConsumerGroup, Map<TopicPartition, OffsetAndMetadata>> moved =
          positions.isPresent() ? groupsMoved() : Map.of();
      List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
      left.forEach(
          (number, range) -> {
            TopicPartition to = new TopicPartition(topic.to(), number);
            OffsetRange right = replayed.ranges().get(number);
            Anchor anchor = replayed.anchors().get(to);
            if (right == null || anchor == null) {
              finding.mismatch("partition %s is missing or was not replayed".formatted(to));
              return;
            }
            tasks.add(
                monitor -> {
                  compare(to, range, right, anchor, monitor);
                  positions.ifPresent(
                      all ->
                          groupStart(monitor).compare(all.partitions().get(number), moved, right));
                  return true;
                });
          });
      return tasks;
    }

    private Map<KafkaSpec.ConsumerGroup, Map<TopicPartition, OffsetAndMetadata>> groupsMoved() {
      Map<KafkaSpec.ConsumerGroup, Map<TopicPartition, OffsetAndMetadata>> moved =
          new LinkedHashMap<>();
      for (KafkaSpec.ConsumerGroup group : spec.consumerGroups()) {
        moved.put(group, target.groups().positions(group.to(), dedicated.topicPartitions()));
      }
      return moved;
    }

    private GroupStart groupStart(ProgressMonitor monitor) {
      return new GroupStart(source, target, topic, filter, shared.isCompacted(), finding, monitor);
    }

    /** Anchors and ends that belong together: nothing was replayed between two looks. */
    private Replayed replayed() {
      Map<TopicPartition, Anchor> before = anchors();
      Map<Integer, OffsetRange> ranges = target.topics().ranges(dedicated);
      if (!before.equals(anchors())) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "Records of topic %s are being replayed while they are compared; the step is retried."
                .formatted(topic.to()));
      }
      return new Replayed(before, ranges);
    }

    private Map<TopicPartition, Anchor> anchors() {
      Map<TopicPartition, Anchor> anchors = new HashMap<>();
      for (Map.Entry<TopicPartition, OffsetAndMetadata> each :
          target
              .groups()
              .settledPositions(Anchor.group(context.migrationId()), dedicated.topicPartitions())
              .entrySet()) {
        anchors.put(each.getKey(), Anchor.of(each.getValue()));
      }
      return anchors;
    }

    private void compare(
        TopicPartition to,
        OffsetRange left,
        OffsetRange right,
        Anchor anchor,
        ProgressMonitor monitor) {
      TopicJournal.Compared last = last(to, right, anchor);
      long records = 0;
      long compared = 0;
      boolean alike = true;
      long begin = Math.min(Math.max(last.source(), left.begin()), anchor.sourceOffset());
      if (begin < anchor.sourceOffset() || last.dedicated() < right.end()) {
        TopicPartition from = new TopicPartition(topic.from(), to.partition());
        Finding here = new Finding();
        try (PartitionReader originals =
                new PartitionReader(source, from, begin, anchor.sourceOffset());
            PartitionReader copies =
                new PartitionReader(target, to, last.dedicated(), right.end())) {
          PartitionComparison comparison =
              new PartitionComparison(
                  from,
                  to,
                  RecordStream.ofShared(originals, filter, monitor),
                  new RecordStream(copies, EVERY_RECORD, monitor),
                  new PartitionComparison.Removal(
                      last.source(), originals::removedUpTo, shared.isCompacted()),
                  List.of(),
                  here);
          long removed = comparison.run();
          finding.add(here);
          alike = comparison.isAlike();
          records = comparison.records();
          compared = records - removed;
        }
      }
      count(last);
      // what is compared on the way is no progress of the following
      if (occasion != Occasion.ON_THE_WAY) {
        progress.advance(monitor, anchor.sourceOffset() - last.source(), topic.to());
      }
      if (alike && last.records() + records != anchor.records()) {
        alike = false;
        finding.mismatch(
            "%s has %s, but the replay wrote %,d"
                .formatted(to, Units.plural(last.records() + records, "record"), anchor.records()));
      }
      if (alike) {
        keep(to, right, anchor, last, compared);
      }
    }

    /** What an earlier attempt, or a round, compared and no check has counted. */
    private void count(TopicJournal.Compared last) {
      switch (occasion) {
        case VERIFY -> finding.compared(last.records());
        case DRAIN -> finding.compared(last.untold());
        case ON_THE_WAY -> {}
      }
    }

    private void keep(
        TopicPartition to,
        OffsetRange right,
        Anchor anchor,
        TopicJournal.Compared last,
        long compared) {
      journal.putCompared(
          to,
          new TopicJournal.Compared(
              dedicated.id().toString(),
              anchor.sourceOffset(),
              right.end(),
              anchor.records(),
              occasion == Occasion.VERIFY ? 0 : last.untold() + compared));
    }

    /** A note about records that were replayed again since says nothing. */
    private TopicJournal.Compared last(TopicPartition to, OffsetRange right, Anchor anchor) {
      return journal
          .compared(to)
          .filter(note -> note.topicId().equals(dedicated.id().toString()))
          .filter(note -> note.dedicated() >= right.begin() && note.dedicated() <= right.end())
          // of a topic that was emptied and replayed again
          .filter(note -> note.dedicated() > right.begin() || note.records() == 0)
          .filter(note -> note.source() <= anchor.sourceOffset())
          .filter(note -> note.records() <= anchor.records())
          .orElseGet(
              () ->
                  new TopicJournal.Compared(
                      dedicated.id().toString(),
                      journal
                          .followed(topic.from())
                          .map(followed -> followed.begins().get(to.partition()))
                          .orElse(0L),
                      right.begin(),
                      0,
                      0));
    }
  }

  /** How far a topic is replayed. */
  private record Replayed(Map<TopicPartition, Anchor> anchors, Map<Integer, OffsetRange> ranges) {}
}

package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.BatchCodecs;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.SharedBytes;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.NewPoints;
import com.matih.tenantmigration.activities.kafka.copy.OffsetMap;
import com.matih.tenantmigration.activities.kafka.copy.PartitionReplayer;
import com.matih.tenantmigration.activities.kafka.copy.PositionFinder;
import com.matih.tenantmigration.activities.kafka.copy.ReplayBatch;
import com.matih.tenantmigration.activities.kafka.copy.ReplayWriter;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Carries over what arrives in one topic, with one reader and one writer for all its partitions.
 *
 * <p>The writer has the transactional id of the topic's first partition. Whoever takes the topic
 * over fences the ids of all partitions, this one among them, so that nothing of an earlier attempt
 * is committed any more. As everywhere, records and anchors commit in one transaction. Reader and
 * writer are closed while nothing happens; the anchors are read again with the next writer.
 */
final class FollowedTopic implements AutoCloseable {

  /** An anchor that is behind by neighbours' records alone follows after a while. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(10);

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final LatestAttempt latest;
  private final String migrationId;
  private final KafkaSpec.Topic topic;
  private final TenantFilter filter;
  private final TopicFacts dedicated;
  private final Map<String, ConsumerGroupMetadata> groups;
  private final Duration patience;
  private final Map<Integer, Followed> partitions = new TreeMap<>();
  private Optional<Open> open = Optional.empty();
  private long usedAt = System.nanoTime();
  private long committedAt = System.nanoTime();

  /** What one partition has come to. */
  private static final class Followed {

    private final OffsetMap map;
    private Anchor anchor;

    /** Up to where the shared partition was read, the anchor at least. */
    private long position;

    /** Since when the anchor may expire. */
    private long anchoredAt;

    Followed(Anchor anchor, OffsetMap map, long anchoredAt) {
      this.anchor = anchor;
      this.position = anchor.sourceOffset();
      this.map = map;
      this.anchoredAt = anchoredAt;
    }
  }

  /** What has to be closed. */
  private record Open(ReplayWriter writer, ChangeReader reader) {}

  /**
   * What a topic is followed with.
   *
   * @param groups those that positions are committed for, by name, as transactions name them
   * @param patience how long an open transaction may hide records
   */
  record Tools(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      LatestAttempt latest,
      String migrationId,
      String tenantKey,
      Map<String, ConsumerGroupMetadata> groups,
      Duration patience) {}

  /**
   * Begins to follow a topic that was prepared for this attempt.
   *
   * @param begins the first offsets of the shared partitions, where one has no anchor
   */
  FollowedTopic(
      Tools tools, KafkaSpec.Topic topic, TopicFacts dedicated, Map<TopicPartition, Long> begins) {
    this.source = tools.source();
    this.target = tools.target();
    this.journal = tools.journal();
    this.latest = tools.latest();
    this.migrationId = tools.migrationId();
    this.topic = topic;
    this.filter = TenantFilter.of(topic, tools.tenantKey());
    this.dedicated = dedicated;
    this.groups = tools.groups();
    this.patience = tools.patience();
    Map<TopicPartition, OffsetAndMetadata> found = settledAnchors();
    target
        .topics()
        .ranges(dedicated)
        .forEach(
            (number, range) -> {
              TopicPartition to = to(number);
              OffsetMap map = OffsetMap.recall(journal, dedicated, to, range.begin());
              OffsetAndMetadata anchor = found.get(to);
              Anchor from =
                  anchor == null
                      ? firstAnchor(to, range, begins.getOrDefault(from(number), 0L))
                      : Anchor.of(anchor);
              // how old an anchor is cannot be told: it is renewed at the first opportunity
              partitions.put(number, new Followed(from, map, 0));
            });
  }

  private Map<TopicPartition, OffsetAndMetadata> settledAnchors() {
    return target.groups().settledPositions(Anchor.group(migrationId), dedicated.topicPartitions());
  }

  private static Anchor firstAnchor(TopicPartition to, OffsetRange range, long begin) {
    if (!range.isEmpty()) {
      throw overtaken(to);
    }
    return new Anchor(begin, 0, false);
  }

  private static MigrationException overtaken(TopicPartition to) {
    return new MigrationException(
        FailureType.WRITER_SUPERSEDED,
        "%s was replayed further than this attempt did. Another attempt has taken over."
            .formatted(to));
  }

  private TopicPartition from(int number) {
    return new TopicPartition(topic.from(), number);
  }

  /** The offset of each shared partition that is carried over next. */
  Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    partitions.forEach((number, each) -> positions.put(from(number), each.position));
    return positions;
  }

  KafkaSpec.Topic topic() {
    return topic;
  }

  /**
   * Carries over what arrived up to these ends.
   *
   * @return how many of the tenant's records that were
   */
  long carry(Map<TopicPartition, Long> ends, ProgressMonitor monitor) {
    Open tools = open();
    long carried = 0;
    ReplayBatch batch = new ReplayBatch();
    SharedBytes read = new SharedBytes(monitor);
    Map<Integer, Long> sent = new HashMap<>();
    Map<Integer, NewPoints> points = new HashMap<>();
    while (!tools.reader().hasReached(ends)) {
      monitor.throwIfCancelled();
      for (ConsumerRecord<byte[], byte[]> each : tools.reader().poll(ends, monitor)) {
        read.add(each);
        if (filter.isTenants(each)) {
          int number = each.partition();
          Followed partition = followed(number);
          Future<RecordMetadata> written = tools.writer().send(each, number);
          long before = sent.merge(number, 1L, Long::sum) - 1;
          points
              .computeIfAbsent(number, any -> new NewPoints(partition.map))
              .sent(each.offset(), partition.anchor.records() + before, written);
          batch.add(each);
        }
      }
      partitions.forEach((number, each) -> each.position = tools.reader().position(from(number)));
      if (batch.isFull() || isFarBehind() || (read.areDue() && batch.records() > 0)) {
        long begun = System.nanoTime();
        carried += commit(tools, sent, points);
        batch = batch.next(begun);
      }
      if (batch.records() == 0) {
        read.pay();
      }
    }
    if (batch.records() > 0 || System.nanoTime() - committedAt > LONGEST_LAG.toNanos()) {
      carried += commit(tools, sent, points);
    }
    return carried;
  }

  private Followed followed(int number) {
    Followed partition = partitions.get(number);
    if (partition == null) {
      throw new IllegalStateException(
          "a record of partition %d, which is not read".formatted(number));
    }
    return partition;
  }

  private boolean isFarBehind() {
    return partitions.values().stream()
        .anyMatch(
            each ->
                each.position - each.anchor.sourceOffset() >= PartitionReplayer.OFFSETS_PER_ANCHOR);
  }

  /** Has the anchors say how far was read. */
  void settle() {
    if (partitions.values().stream().anyMatch(each -> each.position > each.anchor.sourceOffset())) {
      var unused = commit(open(), new HashMap<>(), Map.of());
    }
    partitions.values().forEach(each -> each.map.keep());
  }

  /** Writes anchors anew that are so old, for a broker forgets them after some days. */
  void renew(Duration age) {
    long now = System.nanoTime();
    if (partitions.values().stream()
        .anyMatch(each -> each.anchoredAt == 0 || now - each.anchoredAt > age.toNanos())) {
      partitions.values().forEach(each -> each.anchoredAt = 0);
      var unused = commit(open(), new HashMap<>(), Map.of());
    }
  }

  private long commit(Open tools, Map<Integer, Long> sent, Map<Integer, NewPoints> points) {
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    Map<Integer, Anchor> next = new HashMap<>();
    partitions.forEach(
        (number, each) -> {
          if (each.position > each.anchor.sourceOffset() || each.anchoredAt == 0) {
            Anchor anchor =
                new Anchor(
                    each.position,
                    each.anchor.records() + sent.getOrDefault(number, 0L),
                    each.anchor.complete());
            next.put(number, anchor);
            positions.put(to(number), anchor.toPosition());
          }
        });
    if (next.isEmpty()) {
      return 0;
    }
    tools.writer().commitAll(Map.of(Anchor.group(migrationId), positions));
    committedAt = System.nanoTime();
    next.forEach(
        (number, anchor) -> {
          Followed each = followed(number);
          each.anchor = anchor;
          each.anchoredAt = committedAt;
        });
    points.values().forEach(some -> some.committed(tools.writer()::offsetOf));
    long records = sent.values().stream().mapToLong(Long::longValue).sum();
    sent.clear();
    return records;
  }

  /** Closes reader and writer where they have not been needed for so long. */
  void rest(Duration idle) {
    if (System.nanoTime() - usedAt >= idle.toNanos()) {
      close();
    }
  }

  /** Finds where positions of a shared partition are on the dedicated one. */
  PositionFinder finder(int number, boolean compacted, ProgressMonitor monitor) {
    return new PositionFinder(
        source,
        target,
        new PositionFinder.Place(from(number), to(number), filter),
        followed(number).map,
        compacted,
        monitor);
  }

  OffsetMap map(int number) {
    return followed(number).map;
  }

  /** The anchor of a partition that is carried over as far as it was read, and of its groups. */
  Anchor end(int number) {
    Followed each = followed(number);
    return new Anchor(each.position, each.anchor.records(), true);
  }

  /** Whether the groups have their positions, too. */
  boolean isComplete() {
    return partitions.values().stream().allMatch(each -> each.anchor.complete());
  }

  /** How many of the tenant's records the dedicated topic has. */
  long records() {
    return partitions.values().stream().mapToLong(each -> each.anchor.records()).sum();
  }

  /** Commits where the groups stand together with the anchors that say that all is done. */
  void complete(Map<String, Map<TopicPartition, OffsetAndMetadata>> positions) {
    Open tools = open();
    Map<TopicPartition, OffsetAndMetadata> anchors = new HashMap<>();
    partitions.keySet().forEach(number -> anchors.put(to(number), end(number).toPosition()));
    Map<String, Map<TopicPartition, OffsetAndMetadata>> all = new HashMap<>(positions);
    all.put(Anchor.group(migrationId), anchors);
    tools.writer().commitAll(all);
    partitions.forEach((number, each) -> each.anchor = end(number));
  }

  private TopicPartition to(int number) {
    return new TopicPartition(topic.to(), number);
  }

  private Open open() {
    usedAt = System.nanoTime();
    if (open.isEmpty()) {
      open = Optional.of(openNow());
    }
    return open.get();
  }

  /** The order is that of {@link PartitionReplayer}: fence, and then see who is the latest. */
  private Open openNow() {
    latest.require();
    String id = ReplayWriter.transactionalId(migrationId, new TopicPartition(topic.to(), 0));
    ReplayWriter writer =
        new ReplayWriter(
            target,
            new TopicPartition(topic.to(), 0),
            id,
            ReplaySettings.compressionFor(dedicated, () -> BatchCodecs.of(source, topic.from())),
            groups);
    boolean ready = false;
    try {
      journal.end().requireNotNoted();
      latest.require();
      requireSameAnchors();
      ChangeReader reader = new ChangeReader(source, topic.from(), positions(), patience);
      ready = true;
      return new Open(writer, reader);
    } finally {
      if (!ready) {
        writer.close();
      }
    }
  }

  private void requireSameAnchors() {
    Map<TopicPartition, OffsetAndMetadata> found = settledAnchors();
    partitions.forEach(
        (number, each) -> {
          TopicPartition to = to(number);
          OffsetAndMetadata anchor = found.get(to);
          boolean isNew = each.anchor.records() == 0 && each.anchoredAt == 0;
          if (anchor == null ? !isNew : !Anchor.of(anchor).equals(each.anchor)) {
            throw overtaken(to);
          }
        });
  }

  @Override
  public void close() {
    Optional<Open> closing = open;
    open = Optional.empty();
    if (closing.isPresent()) {
      try {
        closing.get().reader().close();
      } finally {
        closing.get().writer().close();
      }
    }
  }
}

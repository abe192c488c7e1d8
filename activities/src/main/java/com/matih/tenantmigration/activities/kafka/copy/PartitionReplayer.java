package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.SharedBytes;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Partition;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Replays the tenant's records of one partition, in order and each exactly once.
 *
 * <ol>
 *   <li>See that no later attempt has begun. Open the writer, which fences and undoes what an
 *       earlier attempt left open, and see that the replay has not ended meanwhile.
 *   <li>Read the anchor; where there is none the partition is empty, and one is set at the shared
 *       partition's first retained offset.
 *   <li>Read on from the anchor, write the tenant's records, and commit them in one transaction
 *       with the anchor and the positions of the groups that were met.
 *   <li>At the recorded end, commit the remaining groups' positions and the anchor as complete.
 * </ol>
 */
public final class PartitionReplayer {

  /** How many neighbours' records are looked at before the anchor follows. */
  public static final long OFFSETS_PER_ANCHOR = 200_000;

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final LatestAttempt latest;
  private final String migrationId;
  private final Job job;
  private final Optional<OffsetMap> map;

  /** When the last commit began. */
  private long committing;

  /**
   * What is replayed where.
   *
   * @param transactional the anchor's group and the dedicated ones, as transactions name them
   * @param patience how long an open transaction may hide records
   */
  public record Job(
      KafkaSpec.Topic topic,
      Partition positions,
      TenantFilter filter,
      String compression,
      List<KafkaSpec.ConsumerGroup> groups,
      Map<String, ConsumerGroupMetadata> transactional,
      Duration patience) {

    TopicPartition from() {
      return positions.of(topic.from());
    }

    TopicPartition to() {
      return positions.of(topic.to());
    }
  }

  public PartitionReplayer(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      LatestAttempt latest,
      String migrationId,
      Job job) {
    this(source, target, journal, latest, migrationId, job, Optional.empty());
  }

  /**
   * Replays while the tenant works.
   *
   * @param map is given where offsets have gone: the groups' positions come when the tenant has
   *     stopped, after their records
   */
  PartitionReplayer(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      LatestAttempt latest,
      String migrationId,
      Job job,
      Optional<OffsetMap> map) {
    this.map = map;
    this.source = source;
    this.latest = latest;
    this.target = target;
    this.journal = journal;
    this.migrationId = migrationId;
    this.job = job;
  }

  /**
   * Replays to the recorded end.
   *
   * @return how many of the tenant's records the dedicated partition has
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt writes or has
   *     written the partition, WORK_ENDED where the replay is over
   */
  public long replay(ProgressMonitor monitor, ReplayProgress progress) {
    latest.require();
    try (ReplayWriter writer =
        new ReplayWriter(
            target,
            job.to(),
            ReplayWriter.transactionalId(migrationId, job.to()),
            job.compression(),
            job.transactional())) {
      journal.end().requireNotNoted();
      // a later attempt that began meanwhile has lost its writer to this one, and takes it back
      latest.require();
      Anchor anchor = readAnchor().orElseGet(() -> setFirstAnchor(writer));
      progress.advance(monitor, anchor.sourceOffset() - job.positions().begin(), job.topic().to());
      if (map.isPresent()) {
        PositionTranslator nothing = new PositionTranslator(List.of(), Map.of(), Set.of());
        return copy(writer, anchor, nothing, monitor, progress).records();
      }
      if (!anchor.complete()) {
        PositionTranslator translator =
            new PositionTranslator(job.groups(), job.positions().groups(), translated());
        anchor = copy(writer, anchor, translator, monitor, progress);
        complete(writer, anchor, translator);
      }
      return anchor.records();
    }
  }

  private Optional<Anchor> readAnchor() {
    return Optional.ofNullable(
            target
                .groups()
                .settledPositions(Anchor.group(migrationId), List.of(job.to()))
                .get(job.to()))
        .map(Anchor::of);
  }

  /**
   * With this, "no anchor" means "nothing was ever written to it", unless the anchor was removed
   * since: a partition that holds something is another attempt's work.
   */
  private Anchor setFirstAnchor(ReplayWriter writer) {
    if (!range().isEmpty()) {
      throw new MigrationException(
          FailureType.WRITER_SUPERSEDED,
          ("%s has records although this attempt has written none. Another attempt"
                  + " has replayed them.")
              .formatted(job.to()));
    }
    Anchor first = new Anchor(job.positions().begin(), 0, false);
    writer.commit(Map.of(Anchor.group(migrationId), first.toPosition()));
    return first;
  }

  /**
   * The groups whose positions came with records of an earlier attempt: a transaction that is
   * committed shows in one group earlier than in another.
   */
  private Set<String> translated() {
    Set<String> groups = new HashSet<>();
    for (KafkaSpec.ConsumerGroup group : job.groups()) {
      if (!target.groups().settledPositions(group.to(), List.of(job.to())).isEmpty()) {
        groups.add(group.to());
      }
    }
    return groups;
  }

  private Anchor copy(
      ReplayWriter writer,
      Anchor first,
      PositionTranslator translator,
      ProgressMonitor monitor,
      ReplayProgress progress) {
    Anchor anchor = first;
    if (anchor.sourceOffset() >= job.positions().end()) {
      return anchor;
    }
    Optional<NewPoints> points = map.map(NewPoints::new);
    try (PartitionReader reader =
        new PartitionReader(
            source, job.from(), first.sourceOffset(), job.positions().end(), job.patience())) {
      ReplayBatch batch = new ReplayBatch();
      SharedBytes read = new SharedBytes(monitor);
      while (!reader.isFinished()) {
        monitor.throwIfCancelled();
        long before = reader.position();
        for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
          read.add(each);
          if (job.filter().isTenants(each)) {
            if (batch.isFull()) {
              anchor = commit(writer, each.offset(), anchor, batch, translator, points);
              batch = batch.next(committing);
            }
            Future<RecordMetadata> written = writer.send(each);
            translator.written(each.offset(), written);
            if (points.isPresent()) {
              points.get().sent(each.offset(), anchor.records() + batch.records(), written);
            }
            batch.add(each);
          }
        }
        progress.advance(monitor, reader.position() - before, job.topic().to());
        boolean anchorLags =
            reader.position() - anchor.sourceOffset() >= OFFSETS_PER_ANCHOR
                || (reader.isFinished() && reader.position() > anchor.sourceOffset());
        if (batch.isFull() || anchorLags || (read.areDue() && batch.records() > 0)) {
          anchor = commit(writer, reader.position(), anchor, batch, translator, points);
          batch = batch.next(committing);
        }
        if (batch.records() == 0) {
          read.pay();
        }
      }
    }
    map.ifPresent(OffsetMap::keep);
    return anchor;
  }

  /** Commits what was sent of the records before a shared offset. */
  private Anchor commit(
      ReplayWriter writer,
      long position,
      Anchor last,
      ReplayBatch batch,
      PositionTranslator translator,
      Optional<NewPoints> points) {
    committing = System.nanoTime();
    Anchor anchor = new Anchor(position, last.records() + batch.records(), false);
    commit(writer, anchor, translator.takeMet(writer::offsetOf));
    points.ifPresent(some -> some.committed(writer::offsetOf));
    return anchor;
  }

  private void complete(ReplayWriter writer, Anchor anchor, PositionTranslator translator) {
    commit(
        writer,
        new Anchor(anchor.sourceOffset(), anchor.records(), true),
        translator.takeRest(range().end()));
  }

  private OffsetRange range() {
    TopicFacts dedicated = target.topics().require(job.topic().to());
    return target.topics().ranges(dedicated).get(job.positions().partition());
  }

  private void commit(
      ReplayWriter writer, Anchor anchor, Map<String, OffsetAndMetadata> translated) {
    Map<String, OffsetAndMetadata> positions = new HashMap<>(translated);
    positions.put(Anchor.group(migrationId), anchor.toPosition());
    writer.commit(positions);
  }
}

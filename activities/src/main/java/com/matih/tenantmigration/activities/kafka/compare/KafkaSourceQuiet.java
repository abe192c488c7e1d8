package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Partition;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import com.matih.tenantmigration.activities.kafka.copy.PositionReader;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's part of SOURCE_QUIET: looks for records of the tenant after the recorded ends, and for
 * groups that went on over records of the tenant, which would be processed twice.
 *
 * <p>A shared group may go on over its neighbours' records: that changes nothing for the tenant.
 */
public final class KafkaSourceQuiet implements SourceQuietProbe {

  private final KafkaClients clients;
  private final MigrationJournal journal;

  public KafkaSourceQuiet(SecretResolver secrets, MigrationJournal journal) {
    this.clients = new KafkaClients(secrets);
    this.journal = journal;
  }

  @Override
  public Finding findWrites(MigrationContext context, ProgressMonitor monitor) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    TopicJournal notes = new TopicJournal(journal, context.migrationId());
    Finding finding = new Finding();
    long retained = 0;
    try (KafkaCluster source = clients.source(context, monitor)) {
      PositionReader positions = new PositionReader(source, context, monitor);
      List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
      for (KafkaSpec.Topic topic : spec.topics()) {
        TopicPositions before = positionsOf(notes, topic);
        TopicPositions now = positions.read(topic);
        retained += now.partitions().stream().mapToLong(Partition::size).sum();
        Look look =
            new Look(
                source,
                TenantFilter.of(topic, context.request().tenantKey()),
                topic.from(),
                finding);
        tasks.addAll(look.tasks(before, now));
      }
      var unused = WorkerPool.callAll("partition", monitor, tasks);
    }
    return retained == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the shared topics are empty")
        : finding;
  }

  private static TopicPositions positionsOf(TopicJournal notes, KafkaSpec.Topic topic) {
    return notes
        .positions(topic.from())
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    ("The positions of topic %s were never recorded, so later records"
                            + " cannot be recognised.")
                        .formatted(topic.from())));
  }

  /** The look at one topic. */
  private record Look(KafkaCluster source, TenantFilter filter, String topic, Finding finding) {

    List<Function<ProgressMonitor, Boolean>> tasks(TopicPositions before, TopicPositions now) {
      List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
      for (Partition partition : now.partitions()) {
        Optional<Partition> then =
            before.partitions().stream()
                .filter(each -> each.partition() == partition.partition())
                .findFirst();
        if (then.isEmpty()) {
          finding.mismatch("partition %s was added".formatted(partition.of(topic)));
        } else {
          tasks.add(
              monitor -> {
                findRecords(then.get(), partition, monitor);
                findMoves(then.get(), partition, monitor);
                return true;
              });
        }
      }
      return tasks;
    }

    private void findRecords(Partition before, Partition now, ProgressMonitor monitor) {
      finding.compared(1);
      long begin = Math.max(before.end(), now.begin());
      firstTenants(now.of(topic), begin, now.end(), monitor)
          .ifPresent(
              offset ->
                  finding.mismatch(
                      "%s offset %d was written for the tenant after the fence"
                          .formatted(now.of(topic), offset)));
    }

    private void findMoves(Partition before, Partition now, ProgressMonitor monitor) {
      for (Map.Entry<String, Position> group : before.groups().entrySet()) {
        finding.compared(1);
        compare(group.getKey(), group.getValue(), now.groups().get(group.getKey()), now, monitor);
      }
      now.groups()
          .forEach(
              (group, position) -> {
                if (!before.groups().containsKey(group)) {
                  Position fromTheStart = Position.of(new OffsetAndMetadata(before.begin()));
                  compare(group, fromTheStart, position, now, monitor);
                }
              });
    }

    private void compare(
        String group,
        Position then,
        @Nullable Position current,
        Partition now,
        ProgressMonitor monitor) {
      if (current == null) {
        finding.mismatch(
            "group %s lost its position in %s after the fence".formatted(group, now.of(topic)));
        return;
      }
      long low = Math.max(Math.min(then.offset(), current.offset()), now.begin());
      long high = Math.min(Math.max(then.offset(), current.offset()), now.end());
      firstTenants(now.of(topic), low, high, monitor)
          .ifPresent(
              offset ->
                  finding.mismatch(
                      ("group %s moved from %d to %d of %s after the fence, past a"
                                  + " record of the tenant")
                              .formatted(group, then.offset(), current.offset(), now.of(topic))
                          + " at %d".formatted(offset)));
    }

    private OptionalLong firstTenants(
        TopicPartition partition, long begin, long end, ProgressMonitor monitor) {
      if (begin >= end) {
        return OptionalLong.empty();
      }
      try (PartitionReader reader = new PartitionReader(source, partition, begin, end)) {
        while (!reader.isFinished()) {
          monitor.throwIfCancelled();
          for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
            if (filter.isTenants(each)) {
              return OptionalLong.of(each.offset());
            }
          }
        }
      }
      return OptionalLong.empty();
    }
  }
}

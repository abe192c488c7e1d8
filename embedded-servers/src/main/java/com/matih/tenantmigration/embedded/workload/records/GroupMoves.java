package com.matih.tenantmigration.embedded.workload.records;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Moves consumer groups as their readers do: one goes along with the log, others lag, jump back, or
 * have read nothing of some partitions.
 */
final class GroupMoves implements RecordLoad.Part {

  private static final long PAUSE_MILLIS = 300;

  private final RecordLoadSettings settings;
  private final CountDownLatch stop;
  private final Random random;

  GroupMoves(RecordLoadSettings settings, CountDownLatch stop) {
    this.settings = settings;
    this.stop = stop;
    this.random = new Random(settings.seed() * 17 + 5);
  }

  @Override
  public void work() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.bootstrapServers()))) {
      awaitTopic(admin);
      boolean stopped = false;
      while (!stopped) {
        for (int group = 0; group < settings.groups().size(); group++) {
          Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
          for (int partition = 0; partition < settings.partitions(); partition++) {
            move(admin, group, new TopicPartition(settings.topic(), partition), positions);
          }
          admin.alterConsumerGroupOffsets(settings.groups().get(group), positions).all().get();
        }
        stopped = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** A broker may hear of a new topic later than the client that created it. */
  private void awaitTopic(Admin admin) throws InterruptedException {
    while (stop.getCount() > 0) {
      try {
        var unused =
            admin
                .listOffsets(Map.of(new TopicPartition(settings.topic(), 0), OffsetSpec.latest()))
                .all()
                .get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw new IllegalStateException("Topic %s".formatted(settings.topic()), e);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private void move(
      Admin admin,
      int group,
      TopicPartition partition,
      Map<TopicPartition, OffsetAndMetadata> positions)
      throws InterruptedException, ExecutionException {
    long end =
        admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()))
            .partitionResult(partition)
            .get()
            .offset();
    long position =
        switch (group % 3) {
          case 0 -> end - random.nextInt(3);
          case 1 -> random.nextInt((int) Math.min(end + 1, 100_000));
          default -> end / 3;
        };
    // the third group has no position on the last partition
    if (group % 3 < 2 || partition.partition() < settings.partitions() - 1) {
      positions.put(partition, new OffsetAndMetadata(Math.max(0, position), "moved " + group));
    }
  }
}

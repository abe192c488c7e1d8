package com.matih.tenantmigration.activities.kafka.client;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a shared topic ended and where the groups stood in it, read once after the fence.
 *
 * @param topic the shared topic
 * @param partitions one entry a partition, by number
 */
public record TopicPositions(String topic, List<Partition> partitions) {

  public TopicPositions {
    partitions = List.copyOf(partitions);
  }

  /**
   * One partition.
   *
   * @param begin the first offset that was retained
   * @param end the high watermark
   * @param groups by the shared group's name; a group without a position is not in it
   */
  public record Partition(int partition, long begin, long end, Map<String, Position> groups) {

    public Partition {
      groups = Map.copyOf(groups);
    }

    public TopicPartition of(String topic) {
      return new TopicPartition(topic, partition);
    }

    public long size() {
      return Math.max(0, end - begin);
    }
  }

  /**
   * What a group has committed.
   *
   * @param offset of the record that the group reads next
   * @param metadata what the group's consumers noted beside it, mostly nothing
   */
  public record Position(long offset, String metadata) {}
}

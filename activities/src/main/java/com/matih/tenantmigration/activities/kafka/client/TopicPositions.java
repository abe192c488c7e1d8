package com.matih.tenantmigration.activities.kafka.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
   * @param encoded whether that is in base64, as it is but for positions that an earlier release
   *     recorded: the journal does not keep every character
   */
  public record Position(long offset, String metadata, boolean encoded) {

    public static Position of(OffsetAndMetadata committed) {
      byte[] metadata = committed.metadata().getBytes(StandardCharsets.UTF_8);
      return new Position(committed.offset(), Base64.getEncoder().encodeToString(metadata), true);
    }

    /** A position at an offset, with the metadata of this one. */
    public OffsetAndMetadata at(long translated) {
      return new OffsetAndMetadata(translated, Optional.empty(), plainMetadata());
    }

    /** The metadata as the group's consumers wrote it. */
    public String plainMetadata() {
      return encoded
          ? new String(Base64.getDecoder().decode(metadata), StandardCharsets.UTF_8)
          : metadata;
    }
  }
}

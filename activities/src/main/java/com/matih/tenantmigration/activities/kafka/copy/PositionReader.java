package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Partition;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads where the shared topics end and where the groups stand. */
public final class PositionReader {

  private static final Logger log = LoggerFactory.getLogger(PositionReader.class);

  private final KafkaCluster source;
  private final List<KafkaSpec.ConsumerGroup> groups;

  public PositionReader(KafkaCluster source, List<KafkaSpec.ConsumerGroup> groups) {
    this.source = source;
    this.groups = groups;
  }

  /** The topic's and its groups' positions now. */
  public TopicPositions read(String topic) {
    TopicFacts facts = source.topics().require(topic);
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
    for (KafkaSpec.ConsumerGroup group : groups) {
      committed.put(group.from(), source.groups().positions(group.from(), facts.topicPartitions()));
    }
    List<Partition> partitions = new ArrayList<>();
    source
        .topics()
        .ranges(facts)
        .forEach(
            (number, range) -> {
              Map<String, Position> positions =
                  positionsOf(new TopicPartition(topic, number), committed);
              warnOfLostRecords(topic, number, range, positions);
              partitions.add(new Partition(number, range.begin(), range.end(), positions));
            });
    return new TopicPositions(topic, partitions);
  }

  private static Map<String, Position> positionsOf(
      TopicPartition partition, Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
    Map<String, Position> positions = new HashMap<>();
    committed.forEach(
        (group, offsets) -> {
          OffsetAndMetadata offset = offsets.get(partition);
          if (offset != null) {
            positions.put(group, new Position(offset.offset(), offset.metadata()));
          }
        });
    return positions;
  }

  private static void warnOfLostRecords(
      String topic, int partition, OffsetRange range, Map<String, Position> positions) {
    positions.forEach(
        (group, position) -> {
          if (position.offset() < range.begin()) {
            log.warn(
                "group {} is at offset {} of {}-{}, whose first retained record is {}: it will"
                    + " continue at the first retained record of the tenant",
                group,
                position.offset(),
                topic,
                partition,
                range.begin());
          }
        });
  }
}

package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Partition;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads where the shared topics end and where the groups stand. */
public final class PositionReader {

  private static final Logger log = LoggerFactory.getLogger(PositionReader.class);

  private final KafkaCluster source;
  private final List<KafkaSpec.ConsumerGroup> groups;
  private final UncommittedRecords uncommitted;
  private final String tenantKey;

  public PositionReader(KafkaCluster source, MigrationContext context, ProgressMonitor monitor) {
    this.source = source;
    this.groups = context.spec(KafkaSpec.class).consumerGroups();
    this.tenantKey = context.request().tenantKey();
    this.uncommitted = new UncommittedRecords(source, monitor);
  }

  /**
   * The topic's and its groups' positions now.
   *
   * <p>A partition of which an open transaction hides something ends behind the tenant's last
   * record there, and where it can be read to if none is there: a neighbour's transaction that does
   * not end is no reason to wait for what is not the tenant's.
   */
  public TopicPositions read(KafkaSpec.Topic shared) {
    String topic = shared.from();
    TopicFacts facts = source.topics().require(topic);
    Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = new HashMap<>();
    for (KafkaSpec.ConsumerGroup group : groups) {
      committed.put(group.from(), source.groups().positions(group.from(), facts.topicPartitions()));
    }
    List<Partition> partitions = new ArrayList<>();
    Map<Integer, OffsetRange> ranges = source.topics().ranges(facts);
    Map<TopicPartition, Long> stableEnds = source.topics().stableEnds(facts.topicPartitions());
    ranges.forEach(
        (number, range) -> {
          Map<String, Position> positions =
              positionsOf(new TopicPartition(topic, number), committed);
          warnOfLostRecords(topic, number, range, positions);
          long end = end(shared, new TopicPartition(topic, number), range, stableEnds);
          partitions.add(new Partition(number, range.begin(), end, positions));
        });
    return new TopicPositions(topic, partitions);
  }

  private long end(
      KafkaSpec.Topic topic,
      TopicPartition partition,
      OffsetRange range,
      Map<TopicPartition, Long> stableEnds) {
    long stable = Math.max(range.begin(), stableEnds.getOrDefault(partition, range.end()));
    if (stable >= range.end()) {
      return range.end();
    }
    OptionalLong last =
        uncommitted.lastTenants(
            partition, stable, range.end(), TenantFilter.lenient(topic, tenantKey));
    return last.isPresent() ? last.getAsLong() + 1 : stable;
  }

  private static Map<String, Position> positionsOf(
      TopicPartition partition, Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
    Map<String, Position> positions = new HashMap<>();
    committed.forEach(
        (group, offsets) -> {
          OffsetAndMetadata offset = offsets.get(partition);
          if (offset != null) {
            positions.put(group, Position.of(offset));
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

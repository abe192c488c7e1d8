package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.copy.OffsetMap;
import com.matih.tenantmigration.activities.kafka.copy.PositionFinder;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Where consumer groups stand in one followed topic. */
final class TopicGroups {

  private final FollowedTopic topic;
  private final Map<Integer, OffsetRange> replayed;
  private final boolean compacted;

  /**
   * Begins when as much is carried over as can be.
   *
   * @param compacted whether the shared topic removes records between others
   */
  TopicGroups(FollowedTopic topic, KafkaCluster target, boolean compacted) {
    this.topic = topic;
    this.replayed = target.topics().ranges(target.topics().require(topic.topic().to()));
    this.compacted = compacted;
  }

  /**
   * Notes where groups stand, so that the drain finds their positions at once.
   *
   * @param positions each group's, on the shared partitions; the anchors have to be settled
   */
  void note(Collection<Map<TopicPartition, OffsetAndMetadata>> positions, ProgressMonitor monitor) {
    replayed.forEach(
        (number, range) -> {
          PositionFinder finder = topic.finder(number, compacted, monitor);
          TopicPartition from = new TopicPartition(topic.topic().from(), number);
          for (Map<TopicPartition, OffsetAndMetadata> group : positions) {
            OffsetAndMetadata position = group.get(from);
            if (position != null) {
              monitor.throwIfCancelled();
              finder.note(position.offset(), topic.end(number), range);
            }
          }
          OffsetMap map = topic.map(number);
          map.keepPlaces(2 * positions.size());
          map.keep();
        });
  }

  /**
   * Where groups stand on a dedicated partition of which all is carried over, by dedicated group.
   *
   * @param last where they stand on the shared one
   */
  Map<String, OffsetAndMetadata> translate(
      TopicPositions.Partition last,
      List<KafkaSpec.ConsumerGroup> groups,
      ProgressMonitor monitor) {
    Anchor end = topic.end(last.partition());
    OffsetRange range = Objects.requireNonNull(replayed.get(last.partition()));
    PositionFinder finder = topic.finder(last.partition(), compacted, monitor);
    Map<String, OffsetAndMetadata> translated = new HashMap<>();
    for (KafkaSpec.ConsumerGroup group : groups) {
      TopicPositions.Position position = last.groups().get(group.from());
      if (position != null) {
        monitor.throwIfCancelled();
        long offset =
            position.offset() < end.sourceOffset()
                ? finder.find(position.offset(), end, range).orElse(range.end())
                : range.end();
        translated.put(group.to(), position.at(offset));
      }
    }
    return translated;
  }
}

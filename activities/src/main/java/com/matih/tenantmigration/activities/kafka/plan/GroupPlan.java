package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Looks whether one group's positions can move. */
final class GroupPlan {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final PlanNotes notes;

  GroupPlan(KafkaCluster source, KafkaCluster target, PlanNotes notes) {
    this.source = source;
    this.target = target;
    this.notes = notes;
  }

  void plan(KafkaSpec.ConsumerGroup group, List<KafkaSpec.Topic> topics) {
    boolean stands = false;
    for (KafkaSpec.Topic topic : topics) {
      Optional<TopicFacts> shared = source.topics().find(topic.from());
      if (shared.isPresent() && planPositions(group, shared.get())) {
        stands = true;
      }
      Optional<TopicFacts> dedicated = target.topics().find(topic.to());
      if (dedicated.isPresent()
          && !target.groups().positions(group.to(), dedicated.get().topicPartitions()).isEmpty()) {
        notes.refuse(
            group.to(),
            "The group has positions in topic %s of the dedicated cluster.".formatted(topic.to()),
            "Choose another name for the group.");
      }
    }
    if (!stands) {
      notes.warn(
          group.from(), "The group has no position in any of the topics, so none is translated.");
    }
    planMembers(group);
  }

  private boolean planPositions(KafkaSpec.ConsumerGroup group, TopicFacts shared) {
    Map<Integer, OffsetRange> ranges = source.topics().ranges(shared);
    Map<TopicPartition, OffsetAndMetadata> positions =
        source.groups().positions(group.from(), shared.topicPartitions());
    positions.forEach(
        (partition, position) -> {
          OffsetRange range = ranges.get(partition.partition());
          if (range != null && position.offset() < range.begin()) {
            notes.warn(
                group.from(),
                ("The group is at offset %d of %s, whose first retained record is %d:"
                        + " records it has not read are gone. It will continue at the first"
                        + " retained one.")
                    .formatted(position.offset(), partition, range.begin()));
          }
        });
    return !positions.isEmpty();
  }

  private void planMembers(KafkaSpec.ConsumerGroup group) {
    int readers = source.groups().members(group.from());
    if (readers > 0) {
      notes.warn(
          group.from(),
          ("The group has %s. They must not process the tenant's records once it is"
                  + " read-only, or those are processed twice; SOURCE_QUIET checks this.")
              .formatted(Units.plural(readers, "consumer")));
    }
    int strangers = target.groups().members(group.to());
    if (strangers > 0) {
      notes.refuse(
          group.to(),
          "The group already has %s on the dedicated cluster."
              .formatted(Units.plural(strangers, "consumer")),
          "Stop them until the cutover, or choose another name.");
    }
  }
}

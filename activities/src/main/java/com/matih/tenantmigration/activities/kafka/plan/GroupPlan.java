package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
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
  private final PlanNotes.Refusals refusals;
  private final PlanNotes.Warnings warnings;

  GroupPlan(
      KafkaCluster source,
      KafkaCluster target,
      PlanNotes.Refusals refusals,
      PlanNotes.Warnings warnings) {
    this.source = source;
    this.target = target;
    this.refusals = refusals;
    this.warnings = warnings;
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
        refusals.refuse(
            group.to(),
            "the group has positions in topic %s of the dedicated cluster".formatted(topic.to()),
            "Choose another name for the group.");
      }
    }
    if (!stands) {
      warnings.warn(
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
            warnings.warn(
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
      warnings.warn(
          group.from(),
          ("%d consumers are in the group. They must not process the tenant's records"
                  + " once it is read-only, or those are processed twice; SOURCE_QUIET checks"
                  + " this.")
              .formatted(readers));
    }
    int strangers = target.groups().members(group.to());
    if (strangers > 0) {
      refusals.refuse(
          group.to(),
          "%d consumers are already in the group on the dedicated cluster".formatted(strangers),
          "Stop them until the cutover, or choose another name.");
    }
  }
}

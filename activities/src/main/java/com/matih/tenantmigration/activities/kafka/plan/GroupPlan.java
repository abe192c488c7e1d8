package com.matih.tenantmigration.activities.kafka.plan;

import static java.util.stream.Collectors.toSet;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.kafka.client.Groups;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.ConsumerGroup;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether groups' positions can move. Each cluster is asked about all of them at once: there
 * may be many groups and many topics.
 */
final class GroupPlan {

  private static final Logger log = LoggerFactory.getLogger(GroupPlan.class);
  private static final int NAMED = 5;

  /** How much metadata a broker takes by default. */
  private static final int USUAL_METADATA = 4096;

  private static final String RAISE =
      "Raise it in the settings of the dedicated brokers, or have the consumers commit less.";

  private final KafkaCluster shared;
  private final Groups.Asked source;
  private final Groups.Asked target;
  private final Set<String> sharedShareGroups;
  private final Set<String> dedicatedShareGroups;
  private final Map<TopicPartition, OffsetRange> ranges;
  private final List<TopicFacts> dedicated;
  private final Set<String> requested;
  private final PlanNotes notes;
  private final Groups dedicatedGroups;
  private @Nullable OptionalInt dedicatedMetadata;

  /**
   * Asks both clusters.
   *
   * @param ranges what the shared topics hold
   * @param dedicated the dedicated topics that exist
   */
  GroupPlan(
      KafkaCluster source,
      KafkaCluster target,
      KafkaSpec spec,
      Map<TopicPartition, OffsetRange> ranges,
      List<TopicFacts> dedicated,
      PlanNotes notes) {
    this.shared = source;
    List<ConsumerGroup> groups = spec.consumerGroups();
    this.source = source.groups().ask(groups.stream().map(ConsumerGroup::from).toList());
    this.target =
        target
            .groups()
            .ask(groups.stream().map(ConsumerGroup::to).toList())
            .withCommits()
            .withRemovals(spec.topics().get(0).to());
    this.sharedShareGroups = shareGroups(source);
    this.dedicatedShareGroups = shareGroups(target);
    this.ranges = ranges;
    this.dedicated = dedicated;
    this.requested = spec.topics().stream().map(KafkaSpec.Topic::from).collect(toSet());
    this.notes = notes;
    this.dedicatedGroups = target.groups();
  }

  /** A cluster that is too old for them, or does not tell, has none. */
  private static Set<String> shareGroups(KafkaCluster cluster) {
    try {
      return cluster.groups().shareGroups();
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      log.info("{} does not list its share groups: {}", cluster.name(), e.getMessage());
      return Set.of();
    }
  }

  void plan(ConsumerGroup group) {
    if (dedicatedShareGroups.contains(group.to())) {
      notes.refuse(
          group.to(),
          "The dedicated cluster has a share group of this name, which takes no positions.",
          "Choose another name for the group.");
      return;
    }
    if (sharedShareGroups.contains(group.from())) {
      notes.leaveUncounted(
          group.from(),
          "It is a share group: the cluster itself keeps what it has acknowledged, and no client can"
              + " set that on another one.",
          "Have it read the rest before the cutover, or let its consumers take records twice"
              + " (share.auto.offset.reset).");
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> positions = source.positions(group.from());
    leaveOtherTopics(group, positions.keySet());
    positions.keySet().retainAll(ranges.keySet());
    if (positions.isEmpty()) {
      notes.warn(
          group.from(), "The group has no position in any of the topics, so none is translated.");
    }
    positions.forEach((partition, position) -> planPosition(group, partition, position.offset()));
    planMetadata(group, positions.values());
    Map<TopicPartition, OffsetAndMetadata> present = target.positions(group.to());
    for (TopicFacts topic : dedicated) {
      if (topic.topicPartitions().stream().anyMatch(present::containsKey)) {
        notes.refuse(
            group.to(),
            "The group has positions in topic %s of the dedicated cluster.".formatted(topic.name()),
            "Choose another name for the group.");
      }
    }
    planMembers(group);
    target.requireCommits(group.to());
    target.requireRemovals(group.to());
  }

  private void leaveOtherTopics(ConsumerGroup group, Set<TopicPartition> positions) {
    List<TopicPartition> others =
        positions.stream().filter(partition -> !requested.contains(partition.topic())).toList();
    if (!others.isEmpty()) {
      List<String> topics = others.stream().map(TopicPartition::topic).distinct().sorted().toList();
      notes.leave(
          group.from(),
          others.size(),
          "The group also has %s in %s that the request does not name: %s."
              .formatted(
                  Units.plural(others.size(), "position"),
                  topics.size() == 1 ? "a topic" : "topics",
                  named(topics)),
          "Name these topics in the request if they hold records of the tenant. Otherwise the"
              + " group has to read them on the shared cluster as before.");
    }
  }

  private static String named(List<String> topics) {
    String first = String.join(", ", topics.subList(0, Math.min(NAMED, topics.size())));
    return topics.size() > NAMED ? "%s and %d more".formatted(first, topics.size() - NAMED) : first;
  }

  private void planPosition(ConsumerGroup group, TopicPartition partition, long offset) {
    OffsetRange range = Objects.requireNonNull(ranges.get(partition));
    if (offset < range.begin()) {
      notes.warn(
          group.from(),
          ("The group is at offset %d of %s, whose first retained record is %d:"
                  + " records it has not read are gone. It will continue at the first"
                  + " retained one.")
              .formatted(offset, partition, range.begin()));
    } else if (offset > range.end() && offset > endNow(partition)) {
      notes.warn(
          group.from(),
          ("The group is at offset %d of %s, which ends at %d: the topic was created again or lost"
                  + " records. It will continue at the end.")
              .formatted(offset, partition, range.end()));
    }
  }

  private void planMetadata(ConsumerGroup group, Collection<OffsetAndMetadata> positions) {
    int longest =
        positions.stream().mapToInt(position -> position.metadata().length()).max().orElse(0);
    if (longest == 0) {
      return;
    }
    if (dedicatedMetadata == null) {
      dedicatedMetadata = dedicatedGroups.longestMetadata();
    }
    int most = dedicatedMetadata.orElse(USUAL_METADATA);
    if (longest > most && dedicatedMetadata.isPresent()) {
      notes.refuse(
          group.to(),
          "The group's positions have metadata of up to %,d characters, and the dedicated cluster takes no more than %,d (offset.metadata.max.bytes)."
              .formatted(longest, most),
          RAISE);
    } else if (longest > most) {
      notes.warn(
          group.to(),
          "The group's positions have metadata of up to %,d characters. The dedicated cluster does not tell us how much it takes (offset.metadata.max.bytes, %,d by default); if that is less, the migration ends once the tenant is read-only. %s"
              .formatted(longest, most, RAISE));
    }
  }

  /** A group may have read what came since the ranges were. */
  private long endNow(TopicPartition partition) {
    return shared.topics().ends(List.of(partition)).getOrDefault(partition, 0L);
  }

  private void planMembers(ConsumerGroup group) {
    int readers = source.members(group.from());
    if (readers > 0) {
      notes.warn(
          group.from(),
          ("The group has %s. They must not process the tenant's records once it is"
                  + " read-only, or those are processed twice; SOURCE_QUIET checks this.")
              .formatted(Units.plural(readers, "consumer")));
    }
    int strangers = target.members(group.to());
    if (strangers > 0) {
      notes.refuse(
          group.to(),
          "The group already has %s on the dedicated cluster."
              .formatted(Units.plural(strangers, "consumer")),
          "Stop them until the cutover, or choose another name.");
    }
  }
}

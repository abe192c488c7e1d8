package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.client.Topics;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The shared topics of a move while the tenant works, which have to stay the same ones with the
 * same partitions from the beginning of their replay to the end of the drain.
 *
 * <p>Offsets of a topic that was deleted and made again mean other records, and a partition that
 * was added takes records of keys that another one had before: neither can be followed.
 */
public final class FollowedTopics {

  private final KafkaCluster source;
  private final TopicJournal journal;
  private final List<String> names;
  private final Map<String, TopicJournal.Followed> known = new HashMap<>();

  public FollowedTopics(KafkaCluster source, TopicJournal journal, KafkaSpec spec) {
    this.source = source;
    this.journal = journal;
    this.names = spec.topics().stream().map(KafkaSpec.Topic::from).toList();
  }

  /** Remembers the topics as they are, if no earlier attempt has. */
  public void remember() {
    for (String name : names) {
      var unused = journal.rememberFollowed(name, () -> asItIs(name));
    }
  }

  private TopicJournal.Followed asItIs(String name) {
    TopicFacts facts = source.topics().require(name);
    return new TopicJournal.Followed(
        facts.id().toString(),
        source.topics().ranges(facts).values().stream().map(OffsetRange::begin).toList());
  }

  /**
   * Lets topics pass that are as they were remembered.
   *
   * @throws MigrationException of type SOURCE_CHANGED otherwise
   */
  public void requireSame() {
    Map<String, Topics.Identity> now = source.topics().identities(names);
    for (String name : names) {
      TopicJournal.Followed then = remembered(name);
      Topics.Identity topic =
          Optional.ofNullable(now.get(name))
              .orElseThrow(() -> changed(name, "was deleted while it was followed."));
      if (!topic.id().toString().equals(then.topicId())) {
        throw changed(name, "was deleted and created again while it was followed.");
      }
      if (topic.partitions() != then.begins().size()) {
        throw changed(
            name,
            "has %s now; it had %d when its replay began."
                .formatted(Units.plural(topic.partitions(), "partition"), then.begins().size()));
      }
    }
  }

  /** Up to where the topics can be read now, without the groups. */
  List<TopicPositions> endsNow() {
    Map<TopicPartition, Long> begins = source.topics().begins(partitions());
    Map<TopicPartition, Long> ends = source.topics().stableEnds(partitions());
    List<TopicPositions> topics = new ArrayList<>();
    for (String name : names) {
      int count = partitionsOf(name);
      List<TopicPositions.Partition> partitions = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        TopicPartition partition = new TopicPartition(name, number);
        partitions.add(
            new TopicPositions.Partition(
                number,
                begins.getOrDefault(partition, 0L),
                ends.getOrDefault(partition, 0L),
                Map.of()));
      }
      topics.add(new TopicPositions(name, partitions));
    }
    return topics;
  }

  /** All their partitions. */
  List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String name : names) {
      int count = partitionsOf(name);
      for (int number = 0; number < count; number++) {
        partitions.add(new TopicPartition(name, number));
      }
    }
    return partitions;
  }

  int partitionsOf(String name) {
    return remembered(name).begins().size();
  }

  private TopicJournal.Followed remembered(String name) {
    return known.computeIfAbsent(
        name,
        topic ->
            journal
                .followed(topic)
                .orElseThrow(
                    () ->
                        new MigrationException(
                            FailureType.UNEXPECTED,
                            "Topic %s is followed although its replay has not begun."
                                .formatted(topic))));
  }

  private MigrationException changed(String topic, String how) {
    return new MigrationException(
        FailureType.SOURCE_CHANGED,
        "%s: topic %s %s Start the migration again.".formatted(source.name(), topic, how));
  }
}

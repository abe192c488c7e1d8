package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a dedicated topic for an attempt, before its partitions are worked on.
 *
 * <p>The writers of earlier attempts are fenced, and it is made sure that each partition either has
 * its anchor or is empty. Records without an anchor can only be those of an attempt whose anchor
 * the broker has forgotten since (a pause longer than its {@code offsets.retention.minutes}); the
 * topic is then begun anew, never continued at zero.
 */
public final class TopicPreparation {

  private static final Logger log = LoggerFactory.getLogger(TopicPreparation.class);

  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;
  private final String migrationId;
  private final KafkaSpec spec;

  public TopicPreparation(
      KafkaCluster target, TopicJournal journal, MigrationContext context, RemovalGuard guard) {
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.guard = guard;
    this.migrationId = context.migrationId();
    this.spec = context.spec(KafkaSpec.class);
  }

  /**
   * The dedicated topic, ready to be written by this attempt alone.
   *
   * @param partitions how many the shared topic has
   */
  public TopicFacts prepare(KafkaSpec.Topic topic, int partitions, LatestAttempt latest) {
    TopicFacts dedicated = target.topics().require(topic.to());
    requireOurs(dedicated);
    if (dedicated.partitions() != partitions) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "Topic %s has %s now; %s was created with %d. Start the migration again."
              .formatted(
                  topic.from(),
                  Units.plural(partitions, "partition"),
                  topic.to(),
                  dedicated.partitions()));
    }
    latest.require();
    new WriterFence(target, migrationId, dedicated).raise();
    spec.consumerGroups().forEach(group -> claim(group.to(), dedicated));
    if (!journal.replayIntended(topic.to())) {
      requireEmpty(dedicated);
      journal.intendReplay(topic.to());
      return dedicated;
    }
    if (!hasLostAnchor(dedicated)) {
      return dedicated;
    }
    latest.require();
    return beginAnew(topic, dedicated);
  }

  private void requireOurs(TopicFacts dedicated) {
    if (!journal.isOurs(dedicated) && !journal.isTakenOver(dedicated)) {
      throw new MigrationException(
          FailureType.TARGET_NOT_EMPTY,
          "%s has a topic %s that is not the one this migration created: somebody recreated it."
              .formatted(target.name(), dedicated.name()));
    }
  }

  private void requireEmpty(TopicFacts dedicated) {
    if (!target.topics().ranges(dedicated).values().stream().allMatch(OffsetRange::isEmpty)) {
      throw new MigrationException(
          FailureType.TARGET_NOT_EMPTY,
          "Another writer wrote to topic %s before the replay began. Stop that writer and migrate"
                  .formatted(dedicated.name())
              + " again.");
    }
  }

  private void claim(String group, TopicFacts dedicated) {
    if (journal.groupIntended(group, dedicated.name())) {
      return;
    }
    if (!target.groups().positions(group, dedicated.topicPartitions()).isEmpty()) {
      throw new MigrationException(
          FailureType.TARGET_NOT_EMPTY,
          "Group %s has positions in topic %s already. Choose another name for the group."
              .formatted(group, dedicated.name()));
    }
    journal.intendGroup(group, dedicated.name());
  }

  private boolean hasLostAnchor(TopicFacts dedicated) {
    Set<TopicPartition> anchored =
        target
            .groups()
            .settledPositions(Anchor.group(migrationId), dedicated.topicPartitions())
            .keySet();
    Map<Integer, OffsetRange> ranges = new TreeMap<>(target.topics().ranges(dedicated));
    anchored.forEach(partition -> ranges.remove(partition.partition()));
    return !ranges.values().stream().allMatch(OffsetRange::isEmpty);
  }

  private TopicFacts beginAnew(KafkaSpec.Topic topic, TopicFacts dedicated) {
    // the anchor also goes after the cutover, when the topic is the tenant's
    journal.end().requireNotNoted();
    log.warn(
        "topic {} has records of an earlier attempt, but its anchor is gone: starting it again",
        topic.to());
    boolean isTakenOver = journal.isTakenOver(dedicated);
    guard.beginAnew(context, "topic " + topic.to(), () -> remove(dedicated, isTakenOver));
    if (isTakenOver) {
      return dedicated;
    }
    NewTopic again =
        new NewTopic(topic.to(), dedicated.partitions(), (short) dedicated.replicationFactor())
            .configs(dedicated.ownSettings());
    Uuid id =
        target
            .topics()
            .create(again)
            .orElseThrow(
                () ->
                    new MigrationException(
                        FailureType.TARGET_NOT_EMPTY,
                        "Somebody else created topic %s while it was being recreated."
                            .formatted(topic.to())));
    journal.recordCreated(topic.to(), id);
    return target.topics().require(topic.to());
  }

  private void remove(TopicFacts dedicated, boolean isTakenOver) {
    List<TopicPartition> partitions = dedicated.topicPartitions();
    journal.forgetReplayed(dedicated);
    target.groups().removePositions(Anchor.group(migrationId), partitions);
    spec.consumerGroups().forEach(group -> target.groups().removePositions(group.to(), partitions));
    if (isTakenOver) {
      target.topics().empty(dedicated);
    } else {
      target.topics().delete(dedicated);
    }
  }
}

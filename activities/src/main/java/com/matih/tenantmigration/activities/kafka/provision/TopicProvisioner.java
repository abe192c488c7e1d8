package com.matih.tenantmigration.activities.kafka.provision;

import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/**
 * Creates the dedicated topics, or takes over those that exist, are empty and were not left behind
 * by an earlier migration, with retention and compaction paused.
 */
public final class TopicProvisioner {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final String migrationId;

  public TopicProvisioner(
      KafkaCluster source, KafkaCluster target, TopicJournal journal, String migrationId) {
    this.source = source;
    this.target = target;
    this.journal = journal;
    this.migrationId = migrationId;
  }

  /**
   * Provides one topic; a second run finds the first one's work.
   *
   * @throws MigrationException of type PERMISSION_DENIED where a later step could do nothing with
   *     it, of type TARGET_NOT_EMPTY where a topic of that name is somebody else's, of type
   *     WORK_ENDED where the topics were given up already
   */
  public void provision(KafkaSpec.Topic topic) {
    TopicFacts shared = source.topics().require(topic.from());
    if (target.topics().find(topic.to()).isEmpty()) {
      journal.intendTopic(topic.to());
      NewTopic created = newTopic(shared, topic.to(), target.topics().brokers());
      var unused =
          journal.rememberDefaults(
              topic.to(),
              () -> new TopicJournal.Defaults(target.topics().validate(withoutSettings(created))));
      journal.end().requireNotNoted();
      Optional<Uuid> id = target.topics().create(created);
      if (id.isPresent()) {
        journal.recordCreated(topic.to(), id.get());
        target.topics().requireRights(topic.to());
        return;
      }
    }
    TopicFacts present = target.topics().require(topic.to());
    if (journal.isOurs(present)) {
      journal.recordCreated(topic.to(), present.id());
    } else {
      takeOver(shared, present);
    }
    target.topics().requireRights(topic.to());
  }

  /** The dedicated topic as it is created. */
  public NewTopic newTopic(TopicFacts shared, String name, int brokers) {
    int replicas = replicas(shared, brokers);
    return new NewTopic(name, shared.partitions(), (short) replicas)
        .configs(
            ReplaySettings.whileReplaying(
                ReplaySettings.real(shared, replicas, Map.of()), migrationId));
  }

  private static NewTopic withoutSettings(NewTopic topic) {
    return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor());
  }

  /** As many replicas as the shared topic has, if there are that many brokers. */
  public static int replicas(TopicFacts shared, int brokers) {
    return Math.max(1, Math.min(shared.replicationFactor(), brokers));
  }

  private void takeOver(TopicFacts shared, TopicFacts present) {
    if (!journal.isTakenOver(present)) {
      requireFree(shared, present);
      journal.takeOver(present);
      if (!journal.isTakenOver(present)) {
        throw notEmpty(present, "was deleted and recreated by somebody else");
      }
    }
    Map<String, String> own = journal.takeOver(present).settings();
    journal.end().requireNotNoted();
    target.topics().configure(present, ReplaySettings.whileReplaying(own, migrationId));
  }

  private void requireFree(TopicFacts shared, TopicFacts present) {
    if (present.partitions() != shared.partitions()) {
      throw notEmpty(
          present,
          "has %s, %s has %d"
              .formatted(
                  Units.plural(present.partitions(), "partition"),
                  shared.name(),
                  shared.partitions()));
    }
    if (!target.topics().ranges(present).values().stream().allMatch(OffsetRange::isEmpty)) {
      throw notEmpty(present, "holds records");
    }
    Optional<String> other = ReplaySettings.migrationBesides(present, migrationId);
    if (other.isPresent()) {
      // its settings are those for a replay, which would pass for its own
      throw notEmpty(present, "belongs to migration " + other.get());
    }
  }

  private MigrationException notEmpty(TopicFacts topic, String why) {
    return new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        "%s has a topic %s that does not belong to this migration and %s. Choose another name."
            .formatted(target.name(), topic.name(), why));
  }
}

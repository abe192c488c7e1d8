package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.Map;

/**
 * Gives the dedicated topics their real settings: the shared topic's, or, where the topic was there
 * before, those it had.
 */
final class TopicFinalizer {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;

  TopicFinalizer(KafkaCluster source, KafkaCluster target, TopicJournal journal) {
    this.source = source;
    this.target = target;
    this.journal = journal;
  }

  void finish(KafkaSpec.Topic topic) {
    TopicFacts dedicated = target.topics().require(topic.to());
    target.topics().configure(dedicated, settingsOf(topic, dedicated));
  }

  private Map<String, String> settingsOf(KafkaSpec.Topic topic, TopicFacts dedicated) {
    if (journal.isTakenOver(dedicated)) {
      return journal.takeOver(dedicated).settings();
    }
    if (journal.isOurs(dedicated)) {
      return ReplaySettings.real(
          source.topics().require(topic.from()), dedicated.replicationFactor());
    }
    throw new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        "%s has a topic %s that is not the one this migration created: somebody recreated it."
            .formatted(target.name(), dedicated.name()));
  }
}

package com.matih.tenantmigration.activities.kafka.provision;

import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives the dedicated topics their real settings: the shared topic's, or, where the topic was there
 * before, those it had.
 */
public final class TopicFinalizer {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;

  public TopicFinalizer(KafkaCluster source, KafkaCluster target, TopicJournal journal) {
    this.source = source;
    this.target = target;
    this.journal = journal;
  }

  public void finish(KafkaSpec.Topic topic) {
    TopicFacts dedicated = target.topics().require(topic.to());
    target.topics().configure(dedicated, settingsOf(topic, dedicated));
  }

  private Map<String, String> settingsOf(KafkaSpec.Topic topic, TopicFacts dedicated) {
    if (journal.isTakenOver(dedicated)) {
      return journal.takeOver(dedicated).settings();
    }
    if (journal.isOurs(dedicated)) {
      return ReplaySettings.real(
          source.topics().require(topic.from()),
          dedicated.replicationFactor(),
          defaults(dedicated));
    }
    throw new MigrationException(
        FailureType.TARGET_NOT_EMPTY,
        "%s has a topic %s that is not the one this migration created: somebody recreated it."
            .formatted(target.name(), dedicated.name()));
  }

  /**
   * A topic's description leaves out the defaults behind its own settings of time, which brokers
   * have in other units.
   */
  private Map<String, String> defaults(TopicFacts dedicated) {
    Map<String, String> defaults =
        new HashMap<>(
            journal.defaults(dedicated.name()).map(TopicJournal.Defaults::values).orElse(Map.of()));
    defaults.putAll(dedicated.defaults());
    return defaults;
  }
}

package com.matih.tenantmigration.activities.kafka.client;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as its cluster describes it.
 *
 * @param id changes when a topic is deleted and created again under the same name
 * @param ownSettings the settings made on the topic itself
 * @param settings all settings that are in force, the broker's defaults among them
 * @param defaults what would be in force if the topic had no settings of its own
 */
public record TopicFacts(
    String name,
    Uuid id,
    int partitions,
    int replicationFactor,
    Map<String, String> ownSettings,
    Map<String, String> settings,
    Map<String, String> defaults) {

  public TopicFacts {
    ownSettings = Map.copyOf(ownSettings);
    settings = Map.copyOf(settings);
    defaults = Map.copyOf(defaults);
  }

  public List<TopicPartition> topicPartitions() {
    return IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(name, p)).toList();
  }

  public boolean isCompacted() {
    return setting(TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /** A setting that is in force, or an empty text. */
  public String setting(String key) {
    return settings.getOrDefault(key, "");
  }
}

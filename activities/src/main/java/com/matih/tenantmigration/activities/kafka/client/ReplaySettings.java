package com.matih.tenantmigration.activities.kafka.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The settings of a dedicated topic: those that are in force on the shared one, and those that
 * pause what would eat or change records while they are replayed.
 *
 * <p>Kafka has no comments on topics, so a setting has the migration's mark: how far in the future
 * a timestamp may lie is as good as without limit in both cases, but is a number that no other
 * migration and no person sets. It comes into being with the topic, in one act.
 */
public final class ReplaySettings {

  /** They name brokers of the shared cluster. */
  private static final Set<String> OF_THE_SOURCE_CLUSTER =
      Set.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

  /** What a topic is set to that says nothing, by Kafka's own default. */
  private static final int USUAL_SEGMENT_BYTES = 1024 * 1024 * 1024;

  /** No batch may be larger than a segment, and none that the producer sends is larger than it. */
  private static final int LEAST_SEGMENT_BYTES = ClientSettings.LARGEST_REQUEST_BYTES + 1024 * 1024;

  /** What a dedicated topic takes while records are replayed into it. */
  public static final int LARGEST_BATCH_BYTES = ClientSettings.LARGEST_REQUEST_BYTES;

  private static final String UNCOMPRESSED = "uncompressed";

  private static final String MARKED = TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG;
  private static final long LARGEST_ID = 0xffff_ffff_ffffL;
  private static final String UNLIMITED = "-1";
  private static final List<String> CODECS = List.of("gzip", "snappy", "lz4", "zstd");

  private ReplaySettings() {}

  /**
   * What a dedicated topic is set to in the end: the shared topic's own settings, and those that
   * its cluster gives it where the dedicated cluster would give another.
   *
   * @param replicas how many replicas it can have, which as many must be able to be in sync
   * @param defaults what the dedicated cluster gives a topic without settings of its own
   */
  public static Map<String, String> real(
      TopicFacts source, int replicas, Map<String, String> defaults) {
    Map<String, String> settings = new HashMap<>(differences(source.settings(), defaults));
    settings.putAll(source.ownSettings());
    settings.keySet().removeAll(OF_THE_SOURCE_CLUSTER);
    settings.computeIfPresent(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        (key, value) -> Integer.toString(Math.min(Integer.parseInt(value), replicas)));
    return settings;
  }

  /**
   * The settings of a shared topic that are others than those of the dedicated one; a setting that
   * one of the clusters does not know is left out.
   */
  public static Map<String, String> differences(
      Map<String, String> shared, Map<String, String> dedicated) {
    Map<String, String> different = new TreeMap<>();
    shared.forEach(
        (key, value) -> {
          if (!OF_THE_SOURCE_CLUSTER.contains(key)
              && !value.equals(dedicated.getOrDefault(key, value))) {
            different.put(key, value);
          }
        });
    return different;
  }

  /** What it is set to from its creation on until the verification has read it. */
  public static Map<String, String> whileReplaying(Map<String, String> real, String migrationId) {
    Map<String, String> settings = new HashMap<>(real);
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    settings.put(TopicConfig.RETENTION_MS_CONFIG, UNLIMITED);
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, UNLIMITED);
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
    settings.put(MARKED, mark(migrationId));
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_BATCH_BYTES));
    int segment =
        Integer.parseInt(
            real.getOrDefault(
                TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(USUAL_SEGMENT_BYTES)));
    settings.put(
        TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(Math.max(segment, LEAST_SEGMENT_BYTES)));
    // of segments that are larger than the topic's real ones
    settings.put(TopicConfig.PREALLOCATE_CONFIG, "false");
    return settings;
  }

  /** Whether the topic was created for replaying by this migration. */
  public static boolean bearsMark(TopicFacts topic, String migrationId) {
    return mark(migrationId).equals(topic.ownSettings().get(MARKED));
  }

  /** Another migration that the topic was prepared for, and whose settings it still has. */
  public static Optional<String> migrationBesides(TopicFacts topic, String migrationId) {
    return Optional.ofNullable(topic.ownSettings().get(MARKED))
        .map(setting -> Long.MAX_VALUE - Long.parseLong(setting))
        .filter(number -> number > 0 && number <= LARGEST_ID)
        .map("%012x"::formatted)
        .filter(id -> !id.equals(migrationId));
  }

  /**
   * The codec that the dedicated topic keeps its records in, so that its broker need not recompress
   * them; where it keeps that of its producers, the one of the shared topic.
   */
  public static String compressionFor(TopicFacts dedicated, Supplier<String> ofShared) {
    String codec = dedicated.setting(TopicConfig.COMPRESSION_TYPE_CONFIG);
    if (codec.equals(UNCOMPRESSED)) {
      return "none";
    }
    return CODECS.contains(codec) ? codec : ofShared.get();
  }

  private static String mark(String migrationId) {
    return Long.toString(Long.MAX_VALUE - Long.parseLong(migrationId, 16));
  }
}

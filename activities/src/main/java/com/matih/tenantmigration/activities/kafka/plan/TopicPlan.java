package com.matih.tenantmigration.activities.kafka.plan;

import static java.util.stream.Collectors.joining;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.provision.TopicProvisioner;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** Looks whether one topic can move. */
final class TopicPlan {

  private static final Duration ON_ALL_TOPICS = Duration.ofSeconds(50);
  private static final String UNLIMITED = "-1";
  private static final String GRANT = "Grant the migration the rights it needs.";
  private static final Duration MOST_ON_A_TOPIC = Duration.ofSeconds(5);
  private static final Duration LEAST_ON_A_TOPIC = Duration.ofMillis(500);

  /** Where the request refuses unmarked records, each record has to be looked at. */
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(30);

  /** Within that time a migration usually reads what is written. */
  private static final Duration TOMBSTONES_KEPT = Duration.ofHours(1);

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final String migrationId;
  private final String tenantKey;
  private final ProgressMonitor monitor;
  private final PlanNotes notes;
  private final Map<TopicPartition, OffsetRange> held = new HashMap<>();
  private final Map<TopicPartition, Long> stable = new HashMap<>();
  private final List<TopicFacts> dedicated = new ArrayList<>();
  private final Duration budget;

  TopicPlan(
      KafkaCluster source,
      KafkaCluster target,
      MigrationContext context,
      ProgressMonitor monitor,
      PlanNotes notes) {
    this.source = source;
    this.target = target;
    this.migrationId = context.migrationId();
    this.tenantKey = context.request().tenantKey();
    this.monitor = monitor;
    this.notes = notes;
    this.budget = budget(context.spec(KafkaSpec.class).topics().size());
  }

  /** Many topics share what a plan may spend on looking at records. */
  private static Duration budget(int topics) {
    Duration share = ON_ALL_TOPICS.dividedBy(Math.max(1, topics));
    if (share.compareTo(MOST_ON_A_TOPIC) > 0) {
      return MOST_ON_A_TOPIC;
    }
    return share.compareTo(LEAST_ON_A_TOPIC) < 0 ? LEAST_ON_A_TOPIC : share;
  }

  /** What the topics hold that were looked at. */
  Map<TopicPartition, OffsetRange> held() {
    return held;
  }

  /** Up to where they can be read. */
  Map<TopicPartition, Long> stableEnds() {
    return stable;
  }

  /** The dedicated topics that exist already. */
  List<TopicFacts> dedicated() {
    return dedicated;
  }

  /** What would move at most; nothing where there is no such topic. */
  Optional<StoresSummary.Topic> plan(KafkaSpec.Topic topic) {
    Optional<TopicFacts> found = source.topics().find(topic.from());
    if (found.isEmpty()) {
      notes.refuse(
          topic.from(), "The shared cluster has no such topic.", "Correct the topic's name.");
      return Optional.empty();
    }
    TopicFacts shared = found.get();
    warnOfSource(topic, shared);
    Optional<TopicFacts> present = target.topics().find(topic.to());
    Map<String, String> inTheEnd;
    if (present.isPresent()) {
      dedicated.add(present.get());
      inTheEnd = planExisting(shared, present.get());
      notes.attempt(topic.to(), GRANT, () -> target.topics().requireRights(topic.to()));
    } else {
      inTheEnd = planNew(topic, shared);
    }
    planChanges(topic, present.map(TopicFacts::ownSettings).orElse(Map.of()));
    Map<Integer, OffsetRange> ranges = source.topics().ranges(shared);
    Map<TopicPartition, Long> stableEnds = source.topics().stableEnds(shared.topicPartitions());
    long retained = ranges.values().stream().mapToLong(OffsetRange::size).sum();
    ranges.forEach(
        (partition, range) -> held.put(new TopicPartition(topic.from(), partition), range));
    stable.putAll(stableEnds);
    planRecords(topic, ranges, stableEnds, inTheEnd);
    return Optional.of(new StoresSummary.Topic(topic.to(), retained));
  }

  /** What is set while records are replayed, and set back in the end. */
  private void planChanges(KafkaSpec.Topic topic, Map<String, String> own) {
    notes.attempt(
        topic.to(),
        "Have the cluster's operators allow these settings.",
        () ->
            target
                .topics()
                .validateSettings(topic.to(), ReplaySettings.whileReplaying(own, migrationId)));
  }

  private void planRecords(
      KafkaSpec.Topic topic,
      Map<Integer, OffsetRange> ranges,
      Map<TopicPartition, Long> stableEnds,
      Map<String, String> inTheEnd) {
    if (TenantFilter.problemOf(topic).isPresent()) {
      return;
    }
    SeenRecords seen =
        new SeenRecords(
            TenantFilter.lenient(topic, tenantKey),
            TenantFilter.ofAnotherSpelling(topic, tenantKey).orElse(sharedRecord -> false),
            oldest(inTheEnd));
    boolean whole =
        new RecordScan(source, topic.from(), monitor)
            .look(
                ranges,
                stableEnds,
                topic.unmarked() == KafkaSpec.Unmarked.REFUSE ? AS_LONG_AS_IT_TAKES : budget,
                seen::add);
    new RecordPlan(topic, tenantKey, seen, whole, notes).plan(isCompacted(inTheEnd));
  }

  private static boolean isCompacted(Map<String, String> settings) {
    return settings
        .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "")
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  /** The timestamp of the oldest record that these settings retain. */
  private static OptionalLong oldest(Map<String, String> settings) {
    boolean deletes =
        settings
            .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
            .contains(TopicConfig.CLEANUP_POLICY_DELETE);
    long retention =
        Long.parseLong(settings.getOrDefault(TopicConfig.RETENTION_MS_CONFIG, UNLIMITED));
    return deletes && retention >= 0
        ? OptionalLong.of(System.currentTimeMillis() - retention)
        : OptionalLong.empty();
  }

  private void warnOfSource(KafkaSpec.Topic topic, TopicFacts shared) {
    if (shared.setting(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("LogAppendTime")) {
      notes.warn(
          topic.from(),
          "The topic uses LogAppendTime. Replayed records keep their timestamps; the dedicated"
              + " topic sets those of records after the cutover.");
    }
    warnOfTombstones(shared);
    warnOfLargeBatches(shared);
    boolean byJson = topic.tenant() != null && topic.tenant().jsonField() != null;
    if (shared.isCompacted() && byJson) {
      notes.warn(
          topic.from(),
          "The topic is compacted and its records are selected by a field of their value."
              + " Tombstones have no value, so they are not replayed. Select records by header or"
              + " key if keys are deleted in it.");
    }
  }

  private void warnOfLargeBatches(TopicFacts shared) {
    String largest = shared.setting(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (!largest.isEmpty() && Long.parseLong(largest) > ReplaySettings.LARGEST_BATCH_BYTES) {
      notes.warn(
          shared.name(),
          "The topic takes batches of up to %s bytes (max.message.bytes). A record of the tenant that has more than %,d after its compression cannot be replayed, and ends the migration in COPY. Remove the topic from the request if it has such records."
              .formatted(largest, ReplaySettings.LARGEST_BATCH_BYTES));
    }
  }

  /** A key's value that was replayed would stay if the tombstone is removed before it is read. */
  private void warnOfTombstones(TopicFacts shared) {
    String kept = shared.setting(TopicConfig.DELETE_RETENTION_MS_CONFIG);
    if (shared.isCompacted()
        && !kept.isEmpty()
        && Long.parseLong(kept) < TOMBSTONES_KEPT.toMillis()) {
      notes.warn(
          shared.name(),
          ("The topic is compacted and keeps tombstones for only %s ms (delete.retention.ms). One"
                  + " that is removed before it is replayed leaves its key with the last value on the"
                  + " dedicated topic. Set it to more than the migration may take, such as 86400000,"
                  + " until the cutover.")
              .formatted(kept));
    }
  }

  /** The settings that the topic has in the end. */
  private Map<String, String> planExisting(TopicFacts shared, TopicFacts present) {
    if (present.partitions() != shared.partitions()) {
      notes.refuse(
          present.name(),
          "The dedicated cluster already has the topic, with %s instead of %d."
              .formatted(Units.plural(present.partitions(), "partition"), shared.partitions()),
          "Choose another name, or a topic with the same number of partitions.");
    } else if (!target.topics().ranges(present).values().stream().allMatch(OffsetRange::isEmpty)) {
      notes.refuse(
          present.name(),
          "The dedicated cluster already has the topic, and it contains records.",
          "Choose another name.");
    } else {
      Optional<String> other = ReplaySettings.migrationBesides(present, migrationId);
      if (other.isPresent()) {
        notes.refuse(
            present.name(),
            "The dedicated cluster already has the topic, and it belongs to migration %s."
                .formatted(other.get()),
            "Choose another name, or wait until that migration has ended.");
      } else {
        warnOfItsOwn(shared, present);
      }
    }
    return present.settings();
  }

  private void warnOfItsOwn(TopicFacts shared, TopicFacts present) {
    Map<String, String> different =
        ReplaySettings.differences(present.settings(), shared.settings());
    notes.warn(
        present.name(),
        "The topic exists and is empty: it is used and keeps its own settings."
            + (different.isEmpty() || ReplaySettings.bearsMark(present, migrationId)
                ? ""
                : " They are not those of the shared topic: %s. Check that they keep what the tenant needs."
                    .formatted(named(different, shared.settings()))));
  }

  /** Such as "retention.ms=1000 (shared: -1)". */
  private static String named(Map<String, String> dedicated, Map<String, String> shared) {
    return dedicated.entrySet().stream()
        .map(
            each ->
                "%s=%s (shared: %s)"
                    .formatted(each.getKey(), each.getValue(), shared.get(each.getKey())))
        .collect(joining(", "));
  }

  /** The settings that the topic will have in the end. */
  private Map<String, String> planNew(KafkaSpec.Topic topic, TopicFacts shared) {
    int brokers = target.topics().brokers();
    int replicas = TopicProvisioner.replicas(shared, brokers);
    if (replicas < shared.replicationFactor()) {
      notes.warn(
          topic.to(),
          "The shared topic has %d replicas, but the dedicated cluster has only %s: the topic gets %s."
              .formatted(
                  shared.replicationFactor(),
                  Units.plural(brokers, "broker"),
                  Units.plural(replicas, "replica")));
    }
    Map<String, String> own = ReplaySettings.real(shared, replicas, Map.of());
    try {
      var unused =
          target
              .topics()
              .validate(
                  created(
                      topic, shared, replicas, ReplaySettings.whileReplaying(own, migrationId)));
      Map<String, String> defaults =
          target.topics().validate(created(topic, shared, replicas, own));
      Map<String, String> different = ReplaySettings.differences(shared.settings(), defaults);
      if (different.isEmpty()) {
        return shared.settings();
      }
      Map<String, String> real = ReplaySettings.real(shared, replicas, defaults);
      Map<String, String> inTheEnd =
          target.topics().validate(created(topic, shared, replicas, real));
      warnOfDefaults(topic, different, real, defaults);
      return inTheEnd;
    } catch (MigrationException e) {
      notes.refuse(
          topic.to(),
          e.getMessage(),
          e.type() == FailureType.PERMISSION_DENIED
              ? "Grant CREATE on the topic, or create it empty with %s."
                  .formatted(Units.plural(shared.partitions(), "partition"))
              : "Correct the name or the settings of the shared topic, or create the topic empty"
                  + " with %s.".formatted(Units.plural(shared.partitions(), "partition")));
      return shared.settings();
    }
  }

  private static NewTopic created(
      KafkaSpec.Topic topic, TopicFacts shared, int replicas, Map<String, String> settings) {
    return new NewTopic(topic.to(), shared.partitions(), (short) replicas).configs(settings);
  }

  private void warnOfDefaults(
      KafkaSpec.Topic topic,
      Map<String, String> different,
      Map<String, String> real,
      Map<String, String> defaults) {
    Map<String, String> set = new TreeMap<>(real);
    set.keySet().retainAll(different.keySet());
    set.entrySet().removeIf(each -> each.getValue().equals(defaults.get(each.getKey())));
    if (!set.isEmpty()) {
      notes.warn(
          topic.to(),
          "The clusters give their topics different settings by default. The dedicated topic gets those of the shared cluster as its own, so that it keeps what the shared one keeps: %s."
              .formatted(
                  set.entrySet().stream()
                      .map(
                          each ->
                              "%s=%s (dedicated default: %s)"
                                  .formatted(
                                      each.getKey(), each.getValue(), defaults.get(each.getKey())))
                      .collect(joining(", "))));
    }
  }
}

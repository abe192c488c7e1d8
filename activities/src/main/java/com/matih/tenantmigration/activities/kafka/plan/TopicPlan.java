package com.matih.tenantmigration.activities.kafka.plan;

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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** Looks whether one topic can move. */
final class TopicPlan {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final String migrationId;
  private final String tenantKey;
  private final ProgressMonitor monitor;
  private final PlanNotes notes;
  private final Map<TopicPartition, OffsetRange> held = new HashMap<>();

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
  }

  /** What the topics hold that were looked at. */
  Map<TopicPartition, OffsetRange> held() {
    return held;
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
    if (present.isPresent()) {
      planExisting(shared, present.get());
    } else {
      planNew(topic, shared);
    }
    Map<Integer, OffsetRange> ranges = source.topics().ranges(shared);
    long retained = ranges.values().stream().mapToLong(OffsetRange::size).sum();
    ranges.forEach(
        (partition, range) -> held.put(new TopicPartition(topic.from(), partition), range));
    warnOfForeignRecordsAlone(topic, ranges);
    return Optional.of(new StoresSummary.Topic(topic.to(), retained));
  }

  private void warnOfForeignRecordsAlone(KafkaSpec.Topic topic, Map<Integer, OffsetRange> ranges) {
    if (topic.everyRecord() || TenantFilter.problemOf(topic).isPresent()) {
      return;
    }
    OwnRecords found =
        OwnRecords.lookFor(
            source,
            topic.from(),
            ranges,
            TenantFilter.of(topic, tenantKey),
            TenantFilter.ofAnotherSpelling(topic, tenantKey).orElse(sharedRecord -> false),
            monitor);
    if (found.misspelled() > 0) {
      notes.refuse(
          topic.from(),
          "The topic has %s with the tenant key '%s' in another spelling, which would not move, among the %,d that were read."
              .formatted(Units.plural(found.misspelled(), "record"), tenantKey, found.lookedAt()),
          "Write tenantKey as all stores have it; where they differ, correct the records or their"
              + " producers first.");
    } else if (!found.any()) {
      notes.warn(
          topic.from(),
          "%s of the tenant '%s'. Check tenantKey and the selector of the tenant's records."
              .formatted(
                  found.whole()
                      ? "The topic holds no record"
                      : "None of the records that were read (%,d) is one"
                          .formatted(found.lookedAt()),
                  tenantKey));
    }
  }

  private void warnOfSource(KafkaSpec.Topic topic, TopicFacts shared) {
    if (shared.setting(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).equals("LogAppendTime")) {
      notes.warn(
          topic.from(),
          "The topic uses LogAppendTime. Replayed records keep their timestamps; the dedicated"
              + " topic sets those of records after the cutover.");
    }
    boolean byJson = topic.tenant() != null && topic.tenant().jsonField() != null;
    if (shared.isCompacted() && byJson) {
      notes.warn(
          topic.from(),
          "The topic is compacted and its records are selected by a field of their value."
              + " Tombstones have no value, so they are not replayed. Select records by header or"
              + " key if keys are deleted in it.");
    }
  }

  private void planExisting(TopicFacts shared, TopicFacts present) {
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
        notes.warn(
            present.name(),
            "The topic exists and is empty: it is used and keeps its own settings.");
      }
    }
  }

  private void planNew(KafkaSpec.Topic topic, TopicFacts shared) {
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
    var real = ReplaySettings.real(shared, replicas);
    NewTopic asReplayed =
        new NewTopic(topic.to(), shared.partitions(), (short) replicas)
            .configs(ReplaySettings.whileReplaying(real, migrationId));
    NewTopic inTheEnd =
        new NewTopic(topic.to(), shared.partitions(), (short) replicas).configs(real);
    try {
      target.topics().validate(asReplayed);
      target.topics().validate(inTheEnd);
    } catch (MigrationException e) {
      notes.refuse(
          topic.to(),
          e.getMessage(),
          e.type() == FailureType.PERMISSION_DENIED
              ? "Grant CREATE on the topic, or create it empty with %s."
                  .formatted(Units.plural(shared.partitions(), "partition"))
              : "Correct the name or the settings of the shared topic, or create the topic empty"
                  + " with %s.".formatted(Units.plural(shared.partitions(), "partition")));
    }
  }
}

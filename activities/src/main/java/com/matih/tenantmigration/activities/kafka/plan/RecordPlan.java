package com.matih.tenantmigration.activities.kafka.plan;

import static java.util.stream.Collectors.joining;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter.Mark;
import com.matih.tenantmigration.activities.kafka.plan.SeenRecords.Places;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;

/** Says what a plan has to say about the records that it has seen of one topic. */
final class RecordPlan {

  private static final String LEAVE =
      "Mark them as the tenant's if they are, or move them by yourself; with unmarked: refuse the"
          + " plan refuses such a topic.";

  private final KafkaSpec.Topic topic;
  private final String tenantKey;
  private final SeenRecords seen;
  private final boolean whole;
  private final PlanNotes notes;

  /**
   * About one topic.
   *
   * @param whole whether all its records were seen
   */
  RecordPlan(
      KafkaSpec.Topic topic, String tenantKey, SeenRecords seen, boolean whole, PlanNotes notes) {
    this.topic = topic;
    this.tenantKey = tenantKey;
    this.seen = seen;
    this.whole = whole;
    this.notes = notes;
  }

  void plan(boolean isCompactedInTheEnd) {
    if (!topic.everyRecord()) {
      planOwners();
      planUnmarked(Mark.NONE, withoutMark());
      planUnmarked(
          Mark.CONTRADICTORY,
          "with the mark of the tenant '%s' and another mark".formatted(tenantKey));
      planUnmarked(Mark.UNREADABLE, unreadable());
    }
    planSchemas();
    planRetention();
    planTombstones(isCompactedInTheEnd);
    if (isCompactedInTheEnd && seen.keyless().count() > 0) {
      notes.warn(
          topic.from(),
          "The dedicated topic is compacted in the end, and the tenant has %s without a key%s (%s), which compaction removes. Give the dedicated topic another cleanup.policy, or expect them to go."
              .formatted(
                  Units.plural(seen.keyless().count(), "record"),
                  amongSome(),
                  seen.keyless().named()));
    }
  }

  private void planOwners() {
    if (seen.misspelled().count() > 0) {
      notes.refuse(
          topic.from(),
          "The topic has %s with %s in another spelling, which would not move, among the %,d that were read."
              .formatted(
                  Units.plural(seen.misspelled().count(), "record"),
                  isByKey()
                      ? "the beginning '%s' of the keys".formatted(keyPrefix())
                      : "the tenant key '%s'".formatted(tenantKey),
                  seen.all()),
          "Write %s; where they differ, correct the records or their producers first."
              .formatted(
                  isByKey() ? "keyPrefix as the keys have it" : "tenantKey as all stores have it"));
    } else if (isByField()
        && seen.areAllWithSchema()
        && seen.marked(Mark.TENANTS).count() == 0
        && seen.marked(Mark.ANOTHERS).count() == 0) {
      notes.refuse(
          topic.from(),
          "No value of the topic is JSON, so none has the field '%s': each begins with the number of a schema (%s)."
              .formatted(field(), numbers()),
          "Select the tenant's records by header or by keyPrefix.");
    } else if (seen.marked(Mark.TENANTS).count() == 0) {
      notes.warn(
          topic.from(),
          "%s of the tenant '%s'. Check tenantKey and the selector of the tenant's records."
              .formatted(
                  whole
                      ? "The topic holds no record"
                      : "None of the records that were read (%,d) is one".formatted(seen.all()),
                  tenantKey));
    }
  }

  private void planUnmarked(Mark mark, String what) {
    Places places = seen.marked(mark);
    if (places.count() == 0) {
      return;
    }
    String reason =
        "%s%s %s (%s)."
            .formatted(Units.plural(places.count(), "record"), amongSome(), what, places.named());
    if (topic.unmarked() == KafkaSpec.Unmarked.REFUSE) {
      notes.refuse(
          topic.from(),
          "The topic has " + reason,
          "Correct the records or their producers, or write unmarked: leave for the topic.");
    } else {
      notes.leave(topic.from(), places.count(), reason, LEAVE);
    }
  }

  private String withoutMark() {
    TenantSelector selector = topic.tenant();
    if (selector != null && selector.header() != null) {
      return "without the header '%s', or without a value in it".formatted(selector.header());
    }
    return isByField()
        ? "without the field '%s', or without a value in it".formatted(field())
        : "without a key";
  }

  private String unreadable() {
    return isByField()
        ? "without a single well-formed JSON object as value, or with no text or number in its field '%s'"
            .formatted(field())
        : "with something else than a tenant's key as the mark";
  }

  private boolean isByKey() {
    return !keyPrefix().isEmpty();
  }

  private String keyPrefix() {
    TenantSelector selector = topic.tenant();
    return selector == null || selector.keyPrefix() == null ? "" : selector.keyPrefix();
  }

  /** With a field as the mark no tombstone can have it, which is said of each such topic. */
  private void planTombstones(boolean isCompactedInTheEnd) {
    if (isCompactedInTheEnd && !isByField() && seen.unmarkedTombstones().count() > 0) {
      notes.warn(
          topic.from(),
          "The topic is compacted and has %s%s that do not say whose they are (%s). They stay behind, so keys of the tenant that they delete keep their last value on the dedicated topic. Have producers mark tombstones, or delete these keys there after the cutover."
              .formatted(
                  Units.plural(seen.unmarkedTombstones().count(), "tombstone"),
                  amongSome(),
                  seen.unmarkedTombstones().named()));
    }
  }

  private boolean isByField() {
    return !field().isEmpty();
  }

  private String field() {
    TenantSelector selector = topic.tenant();
    return selector == null || selector.jsonField() == null ? "" : selector.jsonField();
  }

  private String numbers() {
    return seen.schemaNumbers().stream().map(String::valueOf).collect(joining(", "));
  }

  private void planSchemas() {
    if (seen.schemas().count() > 0) {
      notes.warn(
          topic.from(),
          "The topic has %s of the tenant%s with the number of a registry's schema%s (%s). They move byte for byte: their readers need the same schemas under the same numbers in the dedicated registry. Import them there with their numbers before the cutover."
              .formatted(
                  Units.plural(seen.schemas().count(), "record"),
                  amongSome(),
                  seen.schemaNumbers().isEmpty() ? "" : ", such as " + numbers(),
                  seen.schemas().named()));
    }
  }

  private void planRetention() {
    if (seen.expired().count() > 0) {
      notes.warn(
          topic.from(),
          "The topic has %s of the tenant%s past the dedicated topic's retention.ms (%s). The shared topic only keeps them because newer records are in the same segments; the dedicated one deletes them soon after the cutover. To keep them, set a longer retention.ms on the shared topic, or create the dedicated topic empty with one."
              .formatted(
                  Units.plural(seen.expired().count(), "record"),
                  amongSome(),
                  seen.expired().named()));
    }
  }

  private String amongSome() {
    return whole ? "" : " among the %,d that were read".formatted(seen.all());
  }
}

package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what has arrived whole on the dedicated side, by the report of a phase that has ended: the
 * result of an activity can be told more than once, a line of the record cannot.
 */
final class MovedMeters {

  private final Map<Moved, Counter> counters = new EnumMap<>(Moved.class);

  MovedMeters(MeterRegistry registry) {
    for (Moved moved : Moved.values()) {
      counters.put(
          moved,
          Counter.builder("tenant.migration.moved")
              .description("What finished copies moved to the dedicated side")
              .tag("store", moved.store)
              .tag("unit", moved.unit)
              .register(registry));
    }
  }

  /** Counts what the phase COPY moved: the stores whose copies are whole. */
  void copied(StoresSummary summary) {
    if (summary.postgres() != null) {
      for (StoresSummary.Table table : summary.postgres().tables()) {
        add(Moved.ROWS, table.rows());
        add(Moved.ROW_BYTES, table.bytes());
      }
    }
    if (summary.objectStorage() != null) {
      add(Moved.OBJECTS, summary.objectStorage().objects());
      add(Moved.OBJECT_BYTES, summary.objectStorage().bytes());
    }
    if (summary.kafka() != null) {
      summary.kafka().topics().forEach(topic -> add(Moved.RECORDS, topic.records()));
      add(Moved.CONSUMER_GROUPS, summary.kafka().consumerGroups());
    }
    if (summary.elasticsearch() != null) {
      summary.elasticsearch().indices().forEach(index -> add(Moved.DOCUMENTS, index.documents()));
    }
  }

  /** Counts what the phase WARM moved. */
  void warmed(StoresSummary summary) {
    if (summary.redis() != null) {
      add(Moved.KEYS, summary.redis().keys());
    }
  }

  private void add(Moved moved, long amount) {
    Objects.requireNonNull(counters.get(moved)).increment((double) amount);
  }

  private enum Moved {
    ROWS("postgres", "rows"),
    ROW_BYTES("postgres", "bytes"),
    OBJECTS("objectStorage", "objects"),
    OBJECT_BYTES("objectStorage", "bytes"),
    RECORDS("kafka", "records"),
    CONSUMER_GROUPS("kafka", "groups"),
    DOCUMENTS("elasticsearch", "documents"),
    KEYS("redis", "keys");

    private final String store;
    private final String unit;

    Moved(String store, String unit) {
      this.store = store;
      this.unit = unit;
    }
  }
}

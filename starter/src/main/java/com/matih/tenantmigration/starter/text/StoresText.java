package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What would move, or has moved, as a table. */
final class StoresText {

  private StoresText() {}

  /** What has moved. */
  static TextTable moved(StoresSummary stores) {
    return table(stores, topic -> "records", "keys");
  }

  /**
   * What would move. A shared topic's records are not told apart before they are read, and a cache
   * is filled by its loaders: their numbers are what it can be at most, and what is there now.
   */
  static TextTable planned(StoresSummary stores, MigrationRequest request) {
    return table(
        stores,
        topic ->
            isAll(request.kafka(), topic)
                ? "records at most"
                : "records at most (of the shared topic, other tenants included)",
        "keys in the shared Redis now (loaders decide which are warmed)");
  }

  private static boolean isAll(@Nullable KafkaSpec kafka, String topic) {
    return kafka != null
        && kafka.topics().stream()
            .filter(asked -> asked.to().equals(topic))
            .anyMatch(KafkaSpec.Topic::everyRecord);
  }

  /** A copy of no rows has a beginning and an end all the same, of which nobody wants to know. */
  private static String size(StoresSummary.Table table) {
    return Units.bytes(table.rows() == 0 ? 0 : table.bytes());
  }

  private static TextTable table(
      StoresSummary stores, UnaryOperator<String> recordsOf, String keys) {
    TextTable table = new TextTable("store", "object", "count", "of", "size");
    StoresSummary.Postgres postgres = stores.postgres();
    if (postgres != null) {
      postgres
          .tables()
          .forEach(
              moved -> table.row("postgres", moved.table(), moved.rows(), "rows", size(moved)));
    }
    StoresSummary.ObjectStorage objects = stores.objectStorage();
    if (objects != null) {
      table.row("objectStorage", "", objects.objects(), "objects", Units.bytes(objects.bytes()));
    }
    StoresSummary.Kafka kafka = stores.kafka();
    if (kafka != null) {
      kafka
          .topics()
          .forEach(
              moved ->
                  table.row(
                      "kafka", moved.topic(), moved.records(), recordsOf.apply(moved.topic()), ""));
      table.row("kafka", "", kafka.consumerGroups(), "consumer groups", "");
    }
    StoresSummary.Elasticsearch elasticsearch = stores.elasticsearch();
    if (elasticsearch != null) {
      elasticsearch
          .indices()
          .forEach(
              moved ->
                  table.row("elasticsearch", moved.index(), moved.documents(), "documents", ""));
    }
    StoresSummary.Redis redis = stores.redis();
    if (redis != null) {
      table.row("redis", "", redis.keys(), keys, "");
    }
    return table;
  }
}

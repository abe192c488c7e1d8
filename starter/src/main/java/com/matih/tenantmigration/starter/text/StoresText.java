package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;

/** What moves, or has moved, as a table. */
final class StoresText {

  private StoresText() {}

  static TextTable of(StoresSummary stores) {
    TextTable table = new TextTable("store", "object", "count", "of", "size");
    StoresSummary.Postgres postgres = stores.postgres();
    if (postgres != null) {
      postgres
          .tables()
          .forEach(
              moved ->
                  table.row(
                      "postgres", moved.table(), moved.rows(), "rows", Units.bytes(moved.bytes())));
    }
    StoresSummary.ObjectStorage objects = stores.objectStorage();
    if (objects != null) {
      table.row("objectStorage", "", objects.objects(), "objects", Units.bytes(objects.bytes()));
    }
    StoresSummary.Kafka kafka = stores.kafka();
    if (kafka != null) {
      kafka
          .topics()
          .forEach(moved -> table.row("kafka", moved.topic(), moved.records(), "records", ""));
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
      table.row("redis", "", redis.keys(), "keys", "");
    }
    return table;
  }
}

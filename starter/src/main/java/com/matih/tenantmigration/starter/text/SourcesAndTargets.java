package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;

/** From where to where a request moves its tenant, without any credentials. */
public final class SourcesAndTargets {

  private SourcesAndTargets() {}

  /** One line for each database, bucket, topic, group, index and cache. */
  public static TextTable of(MigrationRequest request) {
    TextTable table = new TextTable("store", "from", "to");
    PostgresSpec postgres = request.postgres();
    if (postgres != null) {
      table.row(
          "postgres",
          address(postgres.source().url()) + ", schema " + postgres.sourceSchema(),
          address(postgres.target().url()) + ", schema " + postgres.targetSchema());
    }
    ObjectStorageSpec objects = request.objectStorage();
    if (objects != null) {
      table.row("objectStorage", place(objects.source()), place(objects.target()));
    }
    KafkaSpec kafka = request.kafka();
    if (kafka != null) {
      String from = " at " + address(kafka.source().bootstrapServers());
      String to = " at " + address(kafka.target().bootstrapServers());
      kafka.topics().forEach(topic -> table.row("kafka", topic.from() + from, topic.to() + to));
      kafka
          .consumerGroups()
          .forEach(group -> table.row("kafka group", group.from() + from, group.to() + to));
    }
    ElasticsearchSpec elasticsearch = request.elasticsearch();
    if (elasticsearch != null) {
      String from = " at " + address(elasticsearch.source().url());
      String to = " at " + address(elasticsearch.target().url());
      elasticsearch
          .indices()
          .forEach(index -> table.row("elasticsearch", index.from() + from, index.to() + to));
    }
    RedisSpec redis = request.redis();
    if (redis != null) {
      table.row("redis (warmed)", address(redis.source().uri()), address(redis.target().uri()));
    }
    return table;
  }

  private static String place(ObjectStorageSpec.Location location) {
    return location.endpoint() == null
        ? location.uri()
        : location.uri() + " at " + address(location.endpoint());
  }

  /** An address without what may stand before its host or after its path. */
  private static String address(String address) {
    return address.replaceFirst("://[^/]*@", "://").replaceFirst("\\?.*", "");
  }
}

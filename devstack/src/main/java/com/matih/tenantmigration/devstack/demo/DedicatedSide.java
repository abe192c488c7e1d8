package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;
import com.matih.tenantmigration.devstack.sample.SampleObjects;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.devstack.services.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/** What the dedicated side holds for a tenant that moved there, and what it must not hold. */
final class DedicatedSide {

  private final Side shared;
  private final Side dedicated;
  private final SampleTenant tenant;
  private final String foreign;

  /**
   * @param neighbour whose data must not be here
   */
  DedicatedSide(Side shared, Side dedicated, SampleTenant tenant, SampleTenant neighbour) {
    this.shared = shared;
    this.dedicated = dedicated;
    this.tenant = tenant;
    this.foreign = neighbour.id();
  }

  /** Everything here that is the neighbour's: nothing, one hopes. */
  List<String> foreignThings() {
    List<String> things = new ArrayList<>();
    things.addAll(foreignRows());
    things.addAll(foreignObjects());
    things.addAll(foreignRecords());
    things.addAll(foreignDocuments());
    things.addAll(foreignKeys());
    return things;
  }

  /** All that is left on the whole side, where nothing was before: nothing, one hopes. */
  List<String> leftovers() {
    List<String> things = new ArrayList<>();
    Databases.query(
            dedicated,
            "postgres",
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
        .forEach(database -> things.add("database " + database));
    try (S3Client s3 = S3Clients.of(dedicated)) {
      for (Bucket bucket : s3.listBuckets().buckets()) {
        things.add("bucket " + bucket.name());
      }
    }
    try (Admin admin = PlainKafka.admin(dedicated.kafkaBootstrap())) {
      PlainKafka.await("list topics", admin.listTopics().names())
          .forEach(topic -> things.add("topic " + topic));
      PlainKafka.await("list groups", admin.listGroups().all())
          .forEach(group -> things.add("group " + group.groupId()));
    }
    new ElasticsearchHttp(dedicated.elasticsearchUrl())
        .send("GET", "/_all")
        .fieldNames()
        .forEachRemaining(index -> things.add("index " + index));
    keys().forEach(key -> things.add("key " + key));
    return things;
  }

  private List<String> foreignRows() {
    String database = SampleRequests.dedicatedDatabase(tenant);
    List<String> things = new ArrayList<>();
    for (String table :
        Databases.query(
            dedicated,
            database,
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
      Databases.query(
              dedicated,
              database,
              "SELECT left(t::text, 80) FROM %s t WHERE t::text ILIKE '%%%s%%' LIMIT 3"
                  .formatted(table, foreign))
          .forEach(row -> things.add("a row of " + table + ": " + row));
    }
    return things;
  }

  private List<String> foreignObjects() {
    Set<String> own = new HashSet<>();
    String prefix = tenant.objectPrefix();
    try (S3Client s3 = S3Clients.of(shared)) {
      for (String key : BucketScan.keys(s3, SampleObjects.BUCKET, prefix)) {
        own.add(key.substring(prefix.length()));
      }
    }
    try (S3Client s3 = S3Clients.of(dedicated)) {
      return BucketScan.keys(s3, SampleRequests.dedicatedBucket(tenant), "").stream()
          .filter(key -> !own.contains(key) && !key.startsWith(Traffic.NAME + tenant.id()))
          .map(key -> "object " + key)
          .toList();
    }
  }

  private List<String> foreignRecords() {
    List<String> things = new ArrayList<>();
    Arrays.stream(SampleTopic.values())
        .map(topic -> topic.dedicatedName(tenant))
        .forEach(
            topic ->
                TopicScan.read(
                    dedicated.kafkaBootstrap(),
                    topic,
                    record -> {
                      if (textOf(record).contains(foreign)) {
                        things.add("record %s@%d".formatted(topic, record.offset()));
                      }
                    }));
    return things;
  }

  private static String textOf(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    for (Header header : record.headers()) {
      append(text, header.value());
    }
    append(text, record.key());
    append(text, record.value());
    return text.toString();
  }

  private static void append(StringBuilder text, byte @Nullable [] bytes) {
    if (bytes != null) {
      text.append(new String(bytes, StandardCharsets.UTF_8)).append('\n');
    }
  }

  private List<String> foreignDocuments() {
    List<String> things = new ArrayList<>();
    IndexScan.read(
        new ElasticsearchHttp(dedicated.elasticsearchUrl()),
        SampleDocuments.dedicatedIndex(tenant),
        hit -> {
          if (hit.path("_source").toString().contains(foreign)) {
            things.add("document " + hit.path("_id").asText());
          }
        });
    return things;
  }

  /** A warmed key ends in the id of a query, and ids tell whose it is. */
  private List<String> foreignKeys() {
    return keys().stream()
        .filter(key -> !tenant.owns(Long.parseLong(key.substring(key.indexOf(':') + 1))))
        .map(key -> "key " + key)
        .toList();
  }

  private List<String> keys() {
    return RedisClients.with(dedicated.redisUri(), connection -> connection.sync().keys("*"));
  }
}

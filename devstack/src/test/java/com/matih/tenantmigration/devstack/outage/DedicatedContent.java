package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the dedicated stores of a tenant hold, and what they have to: all that {@link OutageSample}
 * gave it and its service wrote, each once, and nothing else. Read from the servers themselves.
 */
final class DedicatedContent {

  private DedicatedContent() {}

  /** What has to be there, by store. */
  static Map<String, Object> expected(OutageTenant tenant, List<TenantServices.Written> written) {
    Map<String, Object> content = new TreeMap<>();
    List<String> bodies = new ArrayList<>();
    for (int n = 1; n <= OutageSample.QUERIES; n++) {
      bodies.add("query " + n);
    }
    written.forEach(row -> bodies.add(row.body()));
    content.put("queries", bodies.stream().sorted().toList());
    content.put("runs", List.of("%d|%d".formatted(OutageSample.QUERIES, OutageSample.QUERIES)));
    Map<String, String> objects = new TreeMap<>();
    Map<String, String> documents = new TreeMap<>();
    List<String> records = new ArrayList<>();
    for (int n = 0; n < OutageSample.EACH; n++) {
      objects.put("object-" + n, tenant.prefix() + "object-" + n);
      documents.put(tenant.id() + "-" + n, "document " + n);
      records.add("record " + n);
    }
    content.put("objects", objects);
    content.put("documents", documents);
    content.put("records", records);
    content.put("next record", "record 1");
    content.put("keys", OutageSample.WARMED);
    return content;
  }

  /** What is there. */
  static Map<String, Object> found(OutageStack stack, OutageTenant tenant) {
    Side side = stack.sides().dedicated();
    Map<String, Object> content = new TreeMap<>();
    String database = tenant.ownDatabase();
    content.put(
        "queries",
        Databases.query(side, database, "SELECT body FROM public.queries").stream()
            .sorted()
            .toList());
    content.put(
        "runs",
        Databases.query(
            side, database, "SELECT count(*) || '|' || count(DISTINCT query_id) FROM public.runs"));
    content.put("objects", objects(side, tenant));
    Map<String, String> documents = new TreeMap<>();
    IndexScan.read(
        new ElasticsearchHttp(side.elasticsearchUrl()),
        tenant.id() + "-docs",
        hit -> documents.put(hit.path("_id").asText(), hit.path("_source").path("title").asText()));
    content.put("documents", documents);
    List<String> records = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    long position = position(side, tenant.id() + "-indexer", tenant.id() + "-events");
    TopicScan.read(
        side.kafkaBootstrap(),
        tenant.id() + "-events",
        record -> {
          String text = new String(record.value(), StandardCharsets.UTF_8);
          records.add(text);
          if (record.offset() >= position) {
            unread.add(text);
          }
        });
    content.put("records", records);
    content.put("next record", position < 0 || unread.isEmpty() ? "none" : unread.get(0));
    content.put(
        "keys",
        RedisClients.with(side.redisUri() + "/" + tenant.number(), redis -> redis.sync().dbsize())
            .intValue());
    return content;
  }

  private static Map<String, String> objects(Side side, OutageTenant tenant) {
    String bucket = tenant.id() + "-own";
    Map<String, String> objects = new TreeMap<>();
    try (S3Client s3 = S3Clients.of(side)) {
      for (String key : BucketScan.keys(s3, bucket, "")) {
        objects.put(key, s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String());
      }
    }
    return objects;
  }

  /** A group's position in a topic's one partition; -1 for none. */
  private static long position(Side side, String group, String topic) {
    try (Admin admin = PlainKafka.admin(side.kafkaBootstrap())) {
      OffsetAndMetadata position =
          PlainKafka.await(
                  "read the group's position",
                  admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
              .get(new TopicPartition(topic, 0));
      return position == null ? -1 : position.offset();
    }
  }
}

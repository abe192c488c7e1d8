package com.matih.tenantmigration.devstack.fleet;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import com.matih.tenantmigration.devstack.demo.ContentDigest;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;
import com.matih.tenantmigration.devstack.sample.SampleObjects;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a tenant has on one side, by kind of store: read from the servers themselves, other than the
 * migration reads it, so that both sides can be compared without believing a report.
 */
final class TenantContent {

  private static final List<String> TABLES =
      List.of("workspaces", "users", "queries", "query_runs", "dashboards", "artifacts");

  private final SampleTenant tenant;
  private final Map<String, String> content = new TreeMap<>();

  private TenantContent(SampleTenant tenant) {
    this.tenant = tenant;
  }

  /** What the tenant has in the shared stores, by kind. */
  static Map<String, String> shared(Sides sides, SampleTenant tenant) {
    TenantContent content = new TenantContent(tenant);
    content.rows(sides.shared(), SampleDatabase.DATABASE, SampleDatabase.SHARED_SCHEMA);
    content.objects(sides.shared(), SampleObjects.BUCKET, tenant.objectPrefix());
    content.documents(sides.shared(), SampleDocuments.INDEX);
    for (SampleTopic topic : SampleTopic.values()) {
      content.records(sides.shared(), topic, topic.sharedName());
    }
    return content.content;
  }

  /** The same of the dedicated ones. */
  static Map<String, String> dedicated(Sides sides, SampleTenant tenant) {
    TenantContent content = new TenantContent(tenant);
    content.rows(sides.dedicated(), SampleRequests.dedicatedDatabase(tenant), "public");
    content.objects(sides.dedicated(), SampleRequests.dedicatedBucket(tenant), "");
    content.documents(sides.dedicated(), SampleDocuments.dedicatedIndex(tenant));
    for (SampleTopic topic : SampleTopic.values()) {
      content.records(sides.dedicated(), topic, topic.dedicatedName(tenant));
    }
    return content.content;
  }

  /** References to objects differ by bucket and prefix, so only their names are compared. */
  private void rows(Side side, String database, String schema) {
    for (String table : TABLES) {
      add(
          "rows of " + table,
          Databases.query(
              side,
              database,
              """
              SELECT count(*), sum(hashtextextended(text, 1)::numeric), sum(hashtextextended(text, 2)::numeric)
                FROM (SELECT (to_jsonb(t) - 'uri')::text || coalesce(substring(to_jsonb(t) ->> 'uri' FROM 'artifacts/.*'), '') AS text
                        FROM %s.%s t WHERE tenant_id = '%s') s
              """
                  .formatted(schema, table, tenant.key())));
    }
  }

  private void objects(Side side, String bucket, String prefix) {
    ContentDigest digest = new ContentDigest();
    try (S3Client s3 = S3Clients.of(side)) {
      for (String key : BucketScan.keys(s3, bucket, prefix)) {
        digest.add(
            utf8(key.substring(prefix.length())),
            s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArrayUnsafe());
      }
    }
    add("objects", List.of(digest.of("objects").toString()));
  }

  private void documents(Side side, String index) {
    ContentDigest digest = new ContentDigest();
    IndexScan.read(
        new ElasticsearchHttp(side.elasticsearchUrl()),
        index,
        hit -> {
          if (hit.path("_source").path("tenant_id").asText().equals(tenant.key())) {
            digest.add(
                hit.path("_id").asText(),
                hit.path("_routing").asText(),
                hit.path("_version").asText(),
                hit.path("_source").toString());
          }
        });
    add("documents", List.of(digest.of("documents").toString()));
  }

  private void records(Side side, SampleTopic topic, String name) {
    ContentDigest digest = new ContentDigest();
    TopicScan.read(
        side.kafkaBootstrap(),
        name,
        record -> {
          if (isTenants(topic, record)) {
            digest.add(parts(record));
          }
        });
    add("records of " + topic, List.of(digest.of("records").toString()));
  }

  private boolean isTenants(SampleTopic topic, ConsumerRecord<byte[], byte[]> record) {
    return switch (topic) {
      case QUERY_EVENTS ->
          new String(record.headers().lastHeader("tenant-id").value(), StandardCharsets.UTF_8)
              .equals(tenant.key());
      case AUDIT_LOG ->
          new String(record.key(), StandardCharsets.UTF_8).startsWith(tenant.cachePrefix());
      case USAGE ->
          new String(record.value(), StandardCharsets.UTF_8)
              .contains("\"tenantId\":\"" + tenant.key() + "\"");
    };
  }

  private static byte[][] parts(ConsumerRecord<byte[], byte[]> record) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(
        ByteBuffer.allocate(12).putInt(record.partition()).putLong(record.timestamp()).array());
    parts.add(record.key());
    parts.add(record.value());
    for (Header header : record.headers()) {
      parts.add(utf8(header.key()));
      parts.add(header.value());
    }
    return parts.toArray(byte[][]::new);
  }

  private void add(String kind, List<String> found) {
    content.put(kind, String.join(" ", found));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

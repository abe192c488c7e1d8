package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import com.matih.tenantmigration.devstack.sample.Concurrently;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;
import com.matih.tenantmigration.devstack.sample.SampleObjects;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.devstack.services.Traffic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * All that the shared clusters hold, of all tenants, read whole and byte by byte; what traffic
 * writes meanwhile is left out.
 */
final class SharedSide {

  private static final int READERS = 8;

  private final Side shared;

  SharedSide(Side shared) {
    this.shared = shared;
  }

  /** A digest for each kind of store, by name. */
  Map<String, StoreDigest> read() {
    Map<String, StoreDigest> digests = new ConcurrentHashMap<>();
    Concurrently.run(
        4,
        List.of(
            () -> digests.put("rows", rows()),
            () -> digests.put("objects", objects()),
            () -> digests.put("records", records()),
            () -> digests.put("documents", documents())));
    return new TreeMap<>(digests);
  }

  private StoreDigest rows() {
    ContentDigest digest = new ContentDigest();
    long rows = 0;
    for (String table :
        Databases.query(
            shared,
            SampleDatabase.DATABASE,
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE (schemaname = 'shared_schema' OR schemaname LIKE 'tenant\\_%')"
                // what a migration has noted is not the tenants'
                + " AND schemaname <> 'tenant_migration_fence' ORDER BY 1")) {
      String without =
          table.endsWith(".query_runs")
              ? " WHERE error IS NULL OR NOT starts_with(error, '" + Traffic.NAME + "')"
              : "";
      String found =
          Databases.query(
                  shared,
                  SampleDatabase.DATABASE,
                  "SELECT count(*), sum(hashtextextended(t::text, 1)::numeric),"
                      + " sum(hashtextextended(t::text, 2)::numeric) FROM "
                      + table
                      + " t"
                      + without)
              .get(0);
      digest.add(table, found);
      rows += Long.parseLong(found.substring(0, found.indexOf('|')));
    }
    return new StoreDigest("rows", rows, digest.of("rows").digest());
  }

  private StoreDigest objects() {
    ContentDigest digest = new ContentDigest();
    try (S3Client s3 = S3Clients.of(shared)) {
      List<Runnable> reads = new ArrayList<>();
      for (String key : BucketScan.keys(s3, SampleObjects.BUCKET, "")) {
        if (!key.contains(Traffic.NAME)) {
          reads.add(() -> addObject(s3, key, digest));
        }
      }
      Concurrently.run(READERS, reads);
    }
    return digest.of("objects");
  }

  private static void addObject(S3Client s3, String key, ContentDigest digest) {
    ResponseBytes<GetObjectResponse> object =
        s3.getObjectAsBytes(get -> get.bucket(SampleObjects.BUCKET).key(key));
    digest.add(
        utf8(key),
        utf8(String.valueOf(object.response().contentType())),
        utf8(new TreeMap<>(object.response().metadata()).toString()),
        object.asByteArrayUnsafe());
  }

  private StoreDigest records() {
    ContentDigest digest = new ContentDigest();
    for (SampleTopic topic : SampleTopic.values()) {
      TopicScan.read(
          shared.kafkaBootstrap(), topic.sharedName(), record -> addRecord(record, digest));
    }
    return digest.of("records");
  }

  private static void addRecord(ConsumerRecord<byte[], byte[]> record, ContentDigest digest) {
    if (record.key() != null
        && new String(record.key(), StandardCharsets.UTF_8).startsWith(Traffic.NAME)) {
      return;
    }
    List<byte[]> parts = new ArrayList<>();
    parts.add(utf8(record.topic()));
    parts.add(
        ByteBuffer.allocate(20)
            .putInt(record.partition())
            .putLong(record.offset())
            .putLong(record.timestamp())
            .array());
    parts.add(record.key());
    parts.add(record.value());
    for (Header header : record.headers()) {
      parts.add(utf8(header.key()));
      parts.add(header.value());
    }
    digest.add(parts.toArray(byte[][]::new));
  }

  private StoreDigest documents() {
    ContentDigest digest = new ContentDigest();
    IndexScan.read(
        new ElasticsearchHttp(shared.elasticsearchUrl()),
        SampleDocuments.INDEX,
        hit -> {
          String id = hit.path("_id").asText();
          if (!id.startsWith(Traffic.NAME)) {
            digest.add(
                id,
                hit.path("_routing").asText(),
                hit.path("_version").asText(),
                hit.path("_source").toString());
          }
        });
    return digest.of("documents");
  }

  /** For people: how much there is of each. */
  static String describe(Map<String, StoreDigest> digests) {
    return digests.values().stream()
        .map(digest -> "%,d %s".formatted(digest.count(), digest.store()))
        .collect(Collectors.joining(", "));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

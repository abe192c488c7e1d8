package com.matih.tenantmigration.devstack.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

class SampleDataIT {

  private static final SampleSize SIZE = SampleSize.SMALL;

  private static final SampleSize.Counts ACME = SIZE.of(SampleTenant.ACME);
  private static final SampleSize.Counts GLOBEX = SIZE.of(SampleTenant.GLOBEX);

  private static Side shared;

  @BeforeAll
  static void load() {
    shared =
        new Side(
            "SHARED",
            TestServers.postgres().host() + ":" + TestServers.postgres().port(),
            TestServers.postgres().user(),
            TestServers.postgres().password(),
            TestServers.s3().endpoint(),
            TestServers.s3().accessKey(),
            TestServers.s3().secretKey(),
            TestServers.kafka().bootstrapServers(),
            TestServers.elasticsearch().url(),
            TestServers.redis().uri());
    SampleDatabase.create(shared);
    List<String> loaded = Collections.synchronizedList(new ArrayList<>());
    new SampleData(shared, SampleSeed.today(SIZE))
        .load((what, time) -> loaded.add(what + " " + time));
    assertThat(loaded).as(loaded.toString()).hasSize(7);
  }

  @Test
  void rowsOfBothTenantsInterleaveInTheSharedSchema() throws SQLException {
    assertThat(
            query(
                "SELECT tenant_id, count(*) FROM shared_schema.query_runs"
                    + " GROUP BY 1 ORDER BY 1"))
        .containsExactly(
            "acme-tenant-id|" + ACME.queryRuns(), "globex-tenant-id|" + GLOBEX.queryRuns());
    assertThat(query("SELECT id, tenant_id FROM shared_schema.queries ORDER BY id LIMIT 3"))
        .containsExactly("1|acme-tenant-id", "2|globex-tenant-id", "3|acme-tenant-id");
  }

  @Test
  void aTenantsSchemaHoldsTheSameRowsWithoutTheTenantColumn() throws SQLException {
    assertThat(
            query(
                "SELECT (SELECT count(*) FROM tenant_acme.query_runs),"
                    + " (SELECT sum(hashtextextended(id::text || body, 0)) FROM tenant_acme.queries)"
                    + " = (SELECT sum(hashtextextended(id::text || body, 0))"
                    + " FROM shared_schema.queries WHERE tenant_id = 'acme-tenant-id')"))
        .containsExactly(ACME.queryRuns() + "|t");
    assertThat(
            query(
                "SELECT count(*) FROM information_schema.columns"
                    + " WHERE table_schema = 'tenant_globex' AND column_name = 'tenant_id'"))
        .containsExactly("0");
  }

  @Test
  void everyArtifactRefersToAnObjectOfItsSizeAndType() throws SQLException {
    List<String> objects = new ArrayList<>();
    try (S3Client s3 = S3Clients.of(shared)) {
      for (S3Object object :
          s3.listObjectsV2Paginator(
                  list -> list.bucket(SampleObjects.BUCKET).prefix("tenants/acme/artifacts/"))
              .contents()) {
        objects.add("s3://matih-shared-data/" + object.key() + "|" + object.size());
      }
      assertThat(
              s3.headObject(
                      head ->
                          head.bucket(SampleObjects.BUCKET)
                              .key("tenants/acme/exports/everything.bin"))
                  .contentLength())
          .isEqualTo(ACME.bigObjectBytes());
    }
    assertThat(objects)
        .hasSize(ACME.objects())
        .containsExactlyInAnyOrderElementsOf(
            query(
                "SELECT uri, bytes FROM shared_schema.artifacts"
                    + " WHERE tenant_id = 'acme-tenant-id'"));
  }

  @Test
  void recordsOfBothTenantsInterleaveAndTheAbortedOnesAreNotSeen() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = PlainKafka.consumer(shared.kafkaBootstrap())) {
      List<TopicPartition> partitions =
          IntStream.range(0, 4)
              .mapToObj(partition -> new TopicPartition("shared.query-events", partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    assertThat(records)
        .hasSize((ACME.records() + GLOBEX.records()) * 60 / 100)
        .anyMatch(record -> record.value() == null)
        .allMatch(record -> record.headers().lastHeader("tenant-id") != null);
  }

  @Test
  void theGroupsStandAtDifferentPlaces() throws Exception {
    try (Admin admin = PlainKafka.admin(shared.kafkaBootstrap())) {
      var indexer =
          admin.listConsumerGroupOffsets("shared-indexer").partitionsToOffsetAndMetadata().get();
      var billing =
          admin.listConsumerGroupOffsets("shared-billing").partitionsToOffsetAndMetadata().get();
      assertThat(indexer).hasSize(7).doesNotContainKey(new TopicPartition("shared.usage", 0));
      assertThat(billing).hasSize(3);
      assertThat(billing.get(new TopicPartition("shared.query-events", 0)).offset()).isZero();
    }
  }

  @Test
  void documentsKeepVersionsAndRouting() {
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(shared.elasticsearchUrl());
    JsonNode count =
        elasticsearch.send(
            "POST",
            "/shared-queries/_count",
            "{\"query\":{\"term\":{\"tenant_id\":\"acme-tenant-id\"}}}");
    assertThat(count.path("count").asInt()).isEqualTo(ACME.documents());
    JsonNode routed =
        elasticsearch.send("GET", "/shared-queries/_doc/query-19?routing=workspace-3");
    assertThat(routed.path("_routing").asText()).isEqualTo("workspace-3");
    assertThat(elasticsearch.send("GET", "/shared-queries/_doc/query-7").path("_version").asInt())
        .isEqualTo(5);
  }

  @Test
  void cachedKeysHaveATimeToLive() {
    long keys =
        RedisClients.with(
            shared.redisUri(), connection -> (long) connection.sync().keys("acme:query:*").size());
    long life =
        RedisClients.with(shared.redisUri(), connection -> connection.sync().ttl("acme:query:1"));
    assertThat(keys).isEqualTo(ACME.cachedKeys());
    assertThat(life).isBetween(1_000L, 5_000L);
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(
                shared.jdbcUrl("shared"), shared.pgUser(), shared.pgPassword());
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= columns; column++) {
          row.append(column > 1 ? "|" : "").append(results.getString(column));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }
}

package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The shared stores of all tenants, in which each has a little of everything. */
final class OutageSample {

  static final String SCHEMA = "app";
  static final String BUCKET = "shared-data";
  static final String TOPIC = "shared.events";
  static final String INDEX = "shared-docs";

  /** How many objects, records and documents a tenant has. */
  static final int EACH = 3;

  /** How many rows it has in each table. */
  static final int QUERIES = 20;

  /** How many of them become keys. */
  static final int WARMED = 10;

  private final OutageStack stack;
  private final Side shared;

  private OutageSample(OutageStack stack) {
    this.stack = stack;
    this.shared = stack.sides().shared();
  }

  /** Creates the shared bucket, topic and index, without anything in them. */
  static void createStores(OutageStack stack) {
    OutageSample sample = new OutageSample(stack);
    sample.createBucket();
    sample.createTopic();
    sample.createIndex();
  }

  /** Creates all that the tenants have in the shared stores, and databases that are not there. */
  static void add(OutageStack stack, List<OutageTenant> tenants) {
    OutageSample sample = new OutageSample(stack);
    tenants.stream()
        .map(OutageTenant::database)
        .distinct()
        .forEach(database -> addDatabase(stack, database));
    tenants.forEach(sample::addRows);
    sample.addObjects(tenants);
    sample.addRecords(tenants);
    sample.addDocuments(tenants);
    sample.addKeys(tenants);
    tenants.forEach(sample::addConfig);
  }

  /** Creates a shared database where there is none of that name. */
  static void addDatabase(OutageStack stack, String database) {
    OutageSample sample = new OutageSample(stack);
    if (!Databases.exists(sample.shared, database)) {
      sample.createDatabase(database);
    }
  }

  private void createDatabase(String database) {
    Databases.execute(shared, "postgres", "CREATE DATABASE " + database);
    Databases.execute(
        shared,
        database,
        """
        %s
        INSERT INTO app.queries (tenant_id, body) SELECT 'neighbour', 'theirs ' || n FROM generate_series(1, 50) n;
        """
            .formatted(tables(SCHEMA)));
  }

  private static String tables(String schema) {
    return """
        CREATE SCHEMA @;
        CREATE TABLE @.queries (id bigserial PRIMARY KEY, tenant_id text NOT NULL, body text NOT NULL);
        CREATE INDEX ON @.queries (tenant_id);
        CREATE TABLE @.runs (id bigserial PRIMARY KEY, tenant_id text NOT NULL,
          query_id bigint NOT NULL REFERENCES @.queries);
        """
        .replace("@", schema);
  }

  private void addRows(OutageTenant tenant) {
    if (tenant.isolation() == Isolation.SCHEMA) {
      Databases.execute(shared, tenant.database(), tables(tenant.schema()));
    }
    Databases.execute(
        shared,
        tenant.database(),
        """
        WITH own AS (INSERT INTO %3$s.queries (tenant_id, body)
          SELECT '%1$s', 'query ' || n FROM generate_series(1, %2$d) n RETURNING id)
        INSERT INTO %3$s.runs (tenant_id, query_id) SELECT '%1$s', id FROM own
        """
            .formatted(tenant.id(), QUERIES, tenant.schema()));
  }

  private void createBucket() {
    try (S3Client s3 = S3Clients.of(shared)) {
      s3.createBucket(create -> create.bucket(BUCKET));
    }
  }

  private void addObjects(List<OutageTenant> tenants) {
    try (S3Client s3 = S3Clients.of(shared)) {
      for (OutageTenant tenant : tenants) {
        for (int n = 0; n < EACH; n++) {
          String key = tenant.prefix() + "object-" + n;
          var unused =
              s3.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString(key));
        }
      }
    }
  }

  private void createTopic() {
    try (Admin admin = PlainKafka.admin(shared.kafkaBootstrap())) {
      var unused =
          PlainKafka.await(
              "create the topic",
              admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all());
    }
  }

  /** A group of each tenant's own has consumed its first record. */
  private void addRecords(List<OutageTenant> tenants) {
    Map<OutageTenant, Long> first = sendRecords(tenants);
    try (Admin admin = PlainKafka.admin(shared.kafkaBootstrap())) {
      first.forEach(
          (tenant, offset) -> {
            var unused =
                PlainKafka.await(
                    "commit the group's offsets",
                    admin
                        .alterConsumerGroupOffsets(
                            tenant.sharedGroup(),
                            Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(offset + 1)))
                        .all());
          });
    }
  }

  /** Answers the offset of each tenant's first record. */
  private Map<OutageTenant, Long> sendRecords(List<OutageTenant> tenants) {
    Map<OutageTenant, Long> first = new LinkedHashMap<>();
    try (Producer<byte[], byte[]> producer = PlainKafka.producer(shared.kafkaBootstrap())) {
      for (int n = 0; n < EACH; n++) {
        for (OutageTenant tenant : tenants) {
          ProducerRecord<byte[], byte[]> record =
              new ProducerRecord<>(TOPIC, 0, utf8(tenant.id()), utf8("record " + n));
          record.headers().add("tenant-id", utf8(tenant.id()));
          var unused =
              producer.send(
                  record,
                  (written, failed) -> {
                    if (failed == null) {
                      first.putIfAbsent(tenant, written.offset());
                    }
                  });
        }
      }
      producer.flush();
    }
    return first;
  }

  private void createIndex() {
    var unused =
        new ElasticsearchHttp(shared.elasticsearchUrl())
            .send(
                "PUT",
                "/" + INDEX,
                """
                {"settings": {"number_of_shards": 1, "number_of_replicas": 0},
                 "mappings": {"properties": {"tenant_id": {"type": "keyword"}}}}
                """);
  }

  private void addDocuments(List<OutageTenant> tenants) {
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(shared.elasticsearchUrl());
    StringBuilder lines = new StringBuilder();
    for (OutageTenant tenant : tenants) {
      for (int n = 0; n < EACH; n++) {
        lines.append(
            """
            {"index": {"_id": "%1$s-%2$d"}}
            {"tenant_id": "%1$s", "title": "document %2$d"}
            """
                .formatted(tenant.id(), n));
      }
    }
    elasticsearch.bulk(INDEX, lines.toString());
    var unusedToo = elasticsearch.send("POST", "/" + INDEX + "/_refresh");
  }

  private void addKeys(List<OutageTenant> tenants) {
    var unused =
        RedisClients.with(
            shared.redisUri(),
            redis -> {
              for (OutageTenant tenant : tenants) {
                redis.sync().set(tenant.id() + ":query:1", "hot");
              }
              return true;
            });
  }

  private void addConfig(OutageTenant tenant) {
    var unused =
        stack
            .controlPlane()
            .tenantConfigs()
            .add(
                new TenantConfig(
                    tenant.id(),
                    "STARTER",
                    TenantConfig.State.ACTIVE,
                    tenant.sharedUrl(),
                    "s3://" + BUCKET + "/" + tenant.prefix(),
                    tenant.address(Store.SHARED_KAFKA),
                    tenant.address(Store.SHARED_ELASTICSEARCH),
                    tenant.address(Store.SHARED_REDIS),
                    1,
                    Instant.EPOCH));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Writes single things for a tenant into the stores of one route, each known by its name. */
public final class TenantWriter implements AutoCloseable {

  private final TenantRoute route;
  private final TenantDatabase database;
  private final S3Client s3;
  private final Producer<byte[], byte[]> producer;
  private final ElasticsearchHttp elasticsearch;

  public TenantWriter(TenantRoute route) {
    this.route = route;
    this.database = route.openDatabase();
    this.s3 = S3Clients.of(route.storageSide());
    this.producer = PlainKafka.producer(route.kafkaBootstrap());
    this.elasticsearch = new ElasticsearchHttp(route.elasticsearchUrl());
  }

  /** A row of {@code query_runs}. */
  public void row(String name) {
    database.insertRun(name);
  }

  public void object(String name) {
    s3.putObject(
        put -> put.bucket(route.bucket()).key(route.objectKey(name)).contentType("text/plain"),
        RequestBody.fromString(name));
  }

  /** A record of the topic of events, acknowledged before this returns. */
  public void record(String name) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(route.topic(SampleTopic.QUERY_EVENTS), bytes(name), bytes(name));
    record.headers().add("tenant-id", bytes(route.tenant().key()));
    try {
      producer.send(record).get(PlainKafka.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException("a record was not written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while a record is written", e);
    }
  }

  public void document(String name) {
    elasticsearch.send(
        "PUT",
        "/" + route.index() + "/_doc/" + name,
        "{\"tenant_id\":\"%s\",\"title\":\"%s\"}".formatted(route.tenant().key(), name));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    database.close();
    s3.close();
    producer.close(PlainKafka.PATIENCE);
  }
}

package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.devstack.services.Traffic.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Writes and removes single things of a tenant in the stores of one route, each with a name. */
final class TenantWriter implements AutoCloseable {

  private final TenantRoute route;
  private final Map<String, Long> rowIds;
  private final TenantDatabase database;
  private final S3Client s3;
  private final Producer<byte[], byte[]> producer;
  private final ElasticsearchHttp elasticsearch;

  /**
   * A writer.
   *
   * @param rowIds by which id each name's row is known; outlives the writer
   */
  TenantWriter(TenantRoute route, Map<String, Long> rowIds) {
    this.route = route;
    this.rowIds = rowIds;
    this.database = route.openDatabase();
    this.s3 = S3Clients.of(route.storageSide());
    this.producer = PlainKafka.producer(route.kafkaBootstrap());
    this.elasticsearch = new ElasticsearchHttp(route.elasticsearchUrl());
  }

  /** Writes it, in place of what has the name where the store has names. */
  void write(Kind kind, String name, String text) {
    switch (kind) {
      case ROW -> writeRow(name, text);
      case RECORD -> writeRecord(name, text);
      case DOCUMENT ->
          elasticsearch.send(
              "PUT",
              "/" + route.index() + "/_doc/" + name,
              "{\"tenant_id\":\"%s\",\"title\":\"%s\"}".formatted(route.tenant().key(), text));
      case OBJECT ->
          s3.putObject(
              put ->
                  put.bucket(route.bucket()).key(route.objectKey(name)).contentType("text/plain"),
              RequestBody.fromString(text));
    }
  }

  /**
   * Removes it.
   *
   * @throws IllegalArgumentException for a record, which stays
   */
  void remove(Kind kind, String name) {
    switch (kind) {
      case ROW -> {
        database.deleteRun(rowIds.get(name));
        rowIds.remove(name);
      }
      case RECORD -> throw new IllegalArgumentException("a record is not removed");
      case DOCUMENT -> elasticsearch.send("DELETE", "/" + route.index() + "/_doc/" + name);
      case OBJECT ->
          s3.deleteObject(gone -> gone.bucket(route.bucket()).key(route.objectKey(name)));
    }
  }

  private void writeRow(String name, String text) {
    Long id = rowIds.get(name);
    if (id == null) {
      rowIds.put(name, database.insertRun(Traffic.named(name, text)));
    } else {
      database.updateRun(id, Traffic.named(name, text));
    }
  }

  /** Acknowledged before this returns. */
  private void writeRecord(String name, String text) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(route.topic(SampleTopic.QUERY_EVENTS), bytes(name), bytes(text));
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

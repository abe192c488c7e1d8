package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A tenant that stays, and writes into all shared stores while others move. What it was told is
 * written has to be there in the end, each thing once, and no write may fail but where a test has
 * taken a server away.
 */
final class Neighbour implements AutoCloseable {

  private static final String ID = "neighbour";
  private static final String PREFIX = "tenants/neighbour/";
  private static final int NAMES = 20;
  private static final long PAUSE_MILLIS = 300;

  private final Side shared;
  private final List<String> databases;
  private final BooleanSupplier serversAreUp;
  private final S3Client s3;
  private final ElasticsearchHttp elasticsearch;
  private final Producer<byte[], byte[]> producer;
  private final Thread thread = new Thread(this::write, "neighbour");
  private final List<String> failures = new ArrayList<>();
  private final Map<String, List<String>> rows = new HashMap<>();
  private final List<String> records = new ArrayList<>();
  private final Map<String, String> objects = new TreeMap<>();
  private final Map<String, String> documents = new TreeMap<>();
  private volatile boolean stopped;

  /** What may be there or not: its write was not answered. */
  private final List<String> uncertain = new ArrayList<>();

  /**
   * Begins to write.
   *
   * @param databases the shared databases in which it has rows
   * @param serversAreUp tells whether no server is away for everybody, and none was a moment ago
   */
  Neighbour(OutageStack stack, List<String> databases, BooleanSupplier serversAreUp) {
    this.shared = stack.sides().shared();
    this.databases = databases;
    this.serversAreUp = serversAreUp;
    this.s3 = S3Clients.of(shared);
    this.elasticsearch = new ElasticsearchHttp(shared.elasticsearchUrl());
    this.producer = PlainKafka.producer(shared.kafkaBootstrap());
    thread.setDaemon(true);
    thread.start();
  }

  private void write() {
    for (int n = 0; !stopped; n++) {
      String text = "n " + n;
      String name = "%02d".formatted(n % NAMES);
      for (String database : databases) {
        attempt(text, () -> addRow(database, text));
      }
      attempt(PREFIX + name, () -> putObject(PREFIX + name, text));
      attempt(text, () -> send(text));
      attempt(ID + "-" + name, () -> index(ID + "-" + name, text));
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** A write to one store. */
  private interface Write {
    void run() throws Exception;
  }

  private void attempt(String what, Write write) {
    boolean wereUp = serversAreUp.getAsBoolean();
    try {
      write.run();
    } catch (Exception e) {
      uncertain.add(what);
      if (wereUp && serversAreUp.getAsBoolean()) {
        failures.add("the neighbour's write of %s failed: %s".formatted(what, e));
      }
    }
  }

  private void addRow(String database, String text) {
    Databases.execute(
        shared,
        database,
        "INSERT INTO app.queries (tenant_id, body) VALUES ('%s', '%s')".formatted(ID, text));
    rows.computeIfAbsent(database, unused -> new ArrayList<>()).add(text);
  }

  private void putObject(String key, String text) {
    var unused =
        s3.putObject(put -> put.bucket(OutageSample.BUCKET).key(key), RequestBody.fromString(text));
    objects.put(key, text);
  }

  private void send(String text) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(OutageSample.TOPIC, 0, utf8(ID), utf8(text));
    record.headers().add("tenant-id", utf8(ID));
    var unused = producer.send(record).get(60, TimeUnit.SECONDS);
    records.add(text);
  }

  private void index(String id, String text) {
    var unused =
        elasticsearch.send(
            "PUT",
            "/%s/_doc/%s".formatted(OutageSample.INDEX, id),
            "{\"tenant_id\": \"%s\", \"title\": \"%s\"}".formatted(ID, text));
    documents.put(id, text);
  }

  /** Writes no more, and answers what is against the promises. */
  List<String> judge() throws InterruptedException {
    stopped = true;
    thread.join();
    List<String> problems = new ArrayList<>(failures);
    for (String database : databases) {
      compare(
          "rows of " + database,
          rows.getOrDefault(database, List.of()),
          Databases.query(
              shared,
              database,
              "SELECT body FROM app.queries WHERE tenant_id = '%s' AND body LIKE 'n %%' ORDER BY id"
                  .formatted(ID)),
          problems);
    }
    List<String> read = new ArrayList<>();
    TopicScan.read(
        shared.kafkaBootstrap(),
        OutageSample.TOPIC,
        record -> {
          Header mark = record.headers().lastHeader("tenant-id");
          if (ID.equals(new String(mark.value(), StandardCharsets.UTF_8))) {
            read.add(new String(record.value(), StandardCharsets.UTF_8));
          }
        });
    compare("records", records, read, problems);
    Map<String, String> stored = new TreeMap<>();
    for (String key : objects.keySet()) {
      stored.put(
          key, s3.getObjectAsBytes(get -> get.bucket(OutageSample.BUCKET).key(key)).asUtf8String());
    }
    compare("objects", certain(objects), certain(stored), problems);
    Map<String, String> found = new TreeMap<>();
    IndexScan.read(
        elasticsearch,
        OutageSample.INDEX,
        hit -> {
          if (hit.path("_source").path("tenant_id").asText().equals(ID)) {
            found.put(hit.path("_id").asText(), hit.path("_source").path("title").asText());
          }
        });
    compare("documents", certain(documents), certain(found), problems);
    return problems;
  }

  private List<String> certain(Map<String, String> content) {
    return content.entrySet().stream()
        .filter(entry -> !uncertain.contains(entry.getKey()))
        .map(Map.Entry::toString)
        .toList();
  }

  private void compare(
      String what, List<String> written, List<String> there, List<String> problems) {
    List<String> certain = there.stream().filter(each -> !uncertain.contains(each)).toList();
    List<String> expected = written.stream().filter(each -> !uncertain.contains(each)).toList();
    if (!certain.equals(expected)) {
      problems.add(
          "the neighbour's %s are %d instead of %d"
              .formatted(what, certain.size(), expected.size()));
    }
  }

  /** How much it has written. */
  String summary() {
    return "the neighbour wrote %d records, and failed %d times while a server was away"
        .formatted(records.size(), uncertain.size());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    producer.close();
    s3.close();
  }
}

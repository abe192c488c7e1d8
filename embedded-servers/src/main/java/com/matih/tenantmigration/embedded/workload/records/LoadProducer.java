package com.matih.tenantmigration.embedded.workload.records;

import com.matih.tenantmigration.embedded.workload.records.RecordLoadJournal.Acknowledged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One producer of a {@link RecordLoad}, which notes what was acknowledged. */
final class LoadProducer implements RecordLoad.Part {

  private static final int TRANSACTION_TIMEOUT_MILLIS = 120_000;

  private final RecordLoadSettings settings;
  private final Kind kind;
  private final int number;
  private final RecordLoadJournal journal;
  private final CountDownLatch stop;
  private final Random random;

  /** How a producer writes. */
  enum Kind {
    /** Without transactions. */
    PLAIN,
    /** In short transactions, of which some are aborted. */
    TRANSACTIONS,
    /** In transactions that stay open for seconds, and hide what others write after them. */
    LONG_TRANSACTIONS
  }

  LoadProducer(
      RecordLoadSettings settings,
      Kind kind,
      int number,
      RecordLoadJournal journal,
      CountDownLatch stop) {
    this.settings = settings;
    this.kind = kind;
    this.number = number;
    this.journal = journal;
    this.stop = stop;
    this.random = new Random(settings.seed() * 31 + number);
  }

  @Override
  public void work() throws InterruptedException, ExecutionException {
    LoadRecords records = new LoadRecords(settings, kind + "-" + number, random);
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(clientSettings())) {
      if (kind != Kind.PLAIN) {
        producer.initTransactions();
      }
      while (stop.getCount() > 0) {
        int count = 1 + random.nextInt(20);
        switch (kind) {
          case PLAIN -> journal.committed(acknowledged(send(producer, records, count)));
          case TRANSACTIONS -> transaction(producer, records, count, 0);
          case LONG_TRANSACTIONS -> transaction(producer, records, 5, 500 + random.nextInt(2500));
        }
        // true if the workload ends, which is asked for above
        boolean unused =
            stop.await(
                count * 1_000L * RecordLoad.PRODUCERS / settings.recordsPerSecond(),
                TimeUnit.MILLISECONDS);
      }
    }
  }

  private void transaction(
      Producer<byte[], byte[]> producer, LoadRecords records, int count, long openMillis)
      throws InterruptedException, ExecutionException {
    producer.beginTransaction();
    Map<ProducerRecord<byte[], byte[]>, Future<RecordMetadata>> sent =
        send(producer, records, count);
    producer.flush();
    if (openMillis > 0) {
      boolean unused = stop.await(openMillis, TimeUnit.MILLISECONDS);
      sent.putAll(send(producer, records, count));
    }
    if (random.nextInt(3) == 0) {
      producer.flush();
      producer.abortTransaction();
      journal.aborted(acknowledged(sent));
    } else {
      producer.commitTransaction();
      journal.committed(acknowledged(sent));
    }
  }

  private static Map<ProducerRecord<byte[], byte[]>, Future<RecordMetadata>> send(
      Producer<byte[], byte[]> producer, LoadRecords records, int count) {
    Map<ProducerRecord<byte[], byte[]>, Future<RecordMetadata>> sent = new HashMap<>();
    for (int i = 0; i < count; i++) {
      ProducerRecord<byte[], byte[]> each = records.next();
      sent.put(each, producer.send(each));
    }
    return sent;
  }

  private static List<Acknowledged> acknowledged(
      Map<ProducerRecord<byte[], byte[]>, Future<RecordMetadata>> sent)
      throws InterruptedException, ExecutionException {
    List<Acknowledged> records = new ArrayList<>();
    for (Map.Entry<ProducerRecord<byte[], byte[]>, Future<RecordMetadata>> each : sent.entrySet()) {
      ProducerRecord<byte[], byte[]> made = each.getKey();
      RecordMetadata written = each.getValue().get();
      records.add(
          new Acknowledged(
              LoadRecords.header(made.headers(), RecordLoad.TENANT_HEADER),
              written.partition(),
              written.offset(),
              LoadRecords.header(made.headers(), LoadRecords.ID_HEADER),
              LoadRecords.content(made.key(), made.value(), made.headers(), written.timestamp())));
    }
    return records;
  }

  private Map<String, Object> clientSettings() {
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", settings.bootstrapServers());
    client.put("key.serializer", ByteArraySerializer.class);
    client.put("value.serializer", ByteArraySerializer.class);
    client.put("enable.idempotence", true);
    client.put("linger.ms", 5);
    client.put("compression.type", number % 2 == 0 ? "none" : "lz4");
    if (kind != Kind.PLAIN) {
      client.put(
          "transactional.id",
          "load-%s-%s-%d".formatted(settings.topic(), settings.tenant(), number));
      client.put("transaction.timeout.ms", TRANSACTION_TIMEOUT_MILLIS);
    }
    return client;
  }
}

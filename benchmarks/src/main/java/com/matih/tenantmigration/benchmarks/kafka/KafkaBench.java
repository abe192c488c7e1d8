package com.matih.tenantmigration.benchmarks.kafka;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreBench;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.benchmarks.stores.StoreSizes;
import com.matih.tenantmigration.embedded.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** Records of 500 bytes in a topic of four partitions, a tenth of them a tenant's. */
public final class KafkaBench implements StoreBench {

  static final String SHARED_TOPIC = "shared-events";
  static final String HEADER = "tenant-id";
  static final int PARTITIONS = 4;

  private static final int TENANTS = 10;
  private static final int VALUE_BYTES = 500;
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final StoreServers servers;
  private final StoreSizes sizes;
  private final Admin dedicated;

  public KafkaBench(StoreServers servers, StoreSizes sizes) {
    this.servers = servers;
    this.sizes = sizes;
    this.dedicated = admin(servers.dedicated(KafkaServer.class));
  }

  private static Admin admin(KafkaServer server) {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, server.bootstrapServers()));
  }

  @Override
  public String unit() {
    return "records";
  }

  @Override
  public long amount() {
    return sizes.records() / TENANTS;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "records",
        sizes.records(),
        "tenants",
        TENANTS,
        "valueBytes",
        VALUE_BYTES,
        "partitions",
        PARTITIONS,
        "rounds",
        sizes.rounds());
  }

  @Override
  public void seed() throws InterruptedException {
    try (Admin shared = admin(servers.shared(KafkaServer.class));
        KafkaProducer<byte[], byte[]> producer =
            ConsumerAndProducer.producer(servers.shared(KafkaServer.class))) {
      create(shared, SHARED_TOPIC);
      Random random = new Random(1);
      byte[] value = new byte[VALUE_BYTES];
      for (long i = 0; i < amount() * TENANTS; i++) {
        for (int at = 0; at < VALUE_BYTES; at++) {
          value[at] = (byte) ('a' + random.nextInt(16));
        }
        int tenant = (int) (i % TENANTS);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                SHARED_TOPIC, random.nextInt(PARTITIONS), bytes("key-" + i), value.clone());
        record
            .headers()
            .add(HEADER, bytes(tenant == 0 ? OwnMigration.TENANT : "neighbour-" + tenant));
        var unused = producer.send(record);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns when each partition has a leader: a producer that comes earlier is slowed down. */
  static void create(Admin admin, String topic) throws InterruptedException {
    try {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new BenchmarkException("A topic cannot be created.", e.getCause());
    }
    while (!isReady(admin, topic)) {
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  private static boolean isReady(Admin admin, String topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    try {
      return admin.listOffsets(ends).all().get().size() == PARTITIONS;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw new BenchmarkException("A topic does not answer.", e.getCause());
    }
  }

  @Override
  public List<Contender> contenders() {
    return List.of(new RecordEngines(servers), new ConsumerAndProducer(servers, dedicated));
  }

  /** It copies whole topics, not a tenant's records. */
  @Override
  public List<Absence> absent() {
    return List.of(new Absence("MirrorMaker 2", "not among this program's libraries"));
  }

  @Override
  public long arrived(String target) {
    return ConsumerAndProducer.count(servers.dedicated(KafkaServer.class), target);
  }

  @Override
  public void clear() throws InterruptedException {
    try {
      Set<String> topics =
          dedicated.listTopics().names().get().stream()
              .filter(name -> !name.startsWith("__"))
              .collect(Collectors.toSet());
      dedicated.deleteTopics(topics).all().get();
    } catch (ExecutionException e) {
      throw new BenchmarkException("A topic cannot be deleted.", e.getCause());
    }
  }

  @Override
  public void close() {
    dedicated.close();
  }
}

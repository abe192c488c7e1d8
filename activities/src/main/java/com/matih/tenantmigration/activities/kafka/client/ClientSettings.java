package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.allowed.KafkaProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The settings of every client of a migration: our defaults, over them the request's properties,
 * and over those what exactness rests on.
 */
public final class ClientSettings {

  /** Also what a replayed topic accepts, so that no record is too large that was written once. */
  static final int LARGEST_REQUEST_BYTES = 64 * 1024 * 1024;

  /**
   * What a writer takes as it is before it is compressed: a record of repetitions fits into a
   * shared topic's batches however long it is.
   */
  private static final int LARGEST_RECORD_BYTES = 192 * 1024 * 1024;

  static final int RECORDS_PER_POLL = 5_000;

  /** After it the broker ends a transaction that a dead worker left open. */
  public static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

  private static final AtomicLong CLIENTS = new AtomicLong();

  private final KafkaSpec.Cluster cluster;
  private final SecretResolver secrets;
  private final String migrationId;

  ClientSettings(KafkaSpec.Cluster cluster, SecretResolver secrets, String migrationId) {
    this.cluster = cluster;
    this.secrets = secrets;
    this.migrationId = migrationId;
  }

  Map<String, Object> admin() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
    addConnection(settings, "admin");
    settings.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  /** For one question whose answer nobody waits long for. */
  Map<String, Object> briefAdmin() {
    Map<String, Object> settings = admin();
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    return settings;
  }

  Map<String, Object> consumer() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
    settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 * 1024 * 1024);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
    // a reader that closes at the end of a log waits for the fetch that it has sent there: half a
    // second by default, for each partition while the tenant is read-only
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    addConnection(settings, "reader");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // "latest" or "earliest" would silently skip what retention removed while we read
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL);
    settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  Map<String, Object> producer(String transactionalId, String compression) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 40_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
    // after each commit the next transaction waits for the last one's markers, this long a try
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 * 1024);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
    addConnection(settings, "writer");
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD_BYTES);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LARGEST_RECORD_BYTES);
    settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  /** Each client has an id of its own: two of one id in a JVM fight over its metrics. */
  private void addConnection(Map<String, Object> settings, String kind) {
    secrets.hosts().requireAll(cluster.bootstrapServers());
    cluster.properties().forEach((name, value) -> settings.put(name, resolved(name, value)));
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
    settings.put(
        CommonClientConfigs.CLIENT_ID_CONFIG,
        "tenant-migration-%s-%s-%d".formatted(migrationId, kind, CLIENTS.incrementAndGet()));
  }

  private String resolved(String name, String value) {
    if (KafkaProperties.isFile(name)) {
      return secrets.file(value).toString();
    }
    return name.equals(SaslConfigs.SASL_JAAS_CONFIG)
        ? secrets.resolve(value, ClientSettings::insideQuotes)
        : secrets.resolve(value);
  }

  /** A login's values stand in quotes, which a password may hold as well. */
  private static String insideQuotes(String secret) {
    return secret
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}

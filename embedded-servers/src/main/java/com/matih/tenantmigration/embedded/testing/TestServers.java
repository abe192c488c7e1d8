package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.TemporalServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;

/**
 * Servers for tests, each started when a test of this JVM first asks for it and ended with the JVM.
 *
 * <p>Nobody closes them. Tests keep apart by names of their own: a new database, bucket, topic,
 * index or key prefix each.
 */
public final class TestServers {

  /** Four test classes at a time have a node full of indices. */
  private static final int ELASTICSEARCH_HEAP_MEGABYTES = 512;

  private static final Shared<ServerFolder> FOLDER =
      new Shared<>(() -> ServerFolder.temporary("tenant-migration-test-"));
  private static final Shared<TestCertificates> CERTIFICATES =
      new Shared<>(() -> new TestCertificates(FOLDER.get().dataOf("certificates")));
  private static final Shared<PostgresServer> POSTGRES = postgres("shared-postgres");
  private static final Shared<PostgresServer> DEDICATED_POSTGRES = postgres("dedicated-postgres");
  private static final Shared<RedisServer> REDIS = redis("shared-redis");
  private static final Shared<RedisServer> DEDICATED_REDIS = redis("dedicated-redis");
  private static final Shared<KafkaServer> KAFKA = kafka("shared-kafka");
  private static final Shared<KafkaServer> DEDICATED_KAFKA = kafka("dedicated-kafka");
  private static final Shared<KafkaServer> GUARDED_KAFKA =
      new Shared<>(
          () ->
              KafkaServer.startGuarded(
                  FOLDER.get(),
                  "guarded-kafka",
                  certificates().keyStore(TestCertificates.Holder.SERVER),
                  TestCertificates.PASSWORD));
  private static final Shared<S3Server> S3 = s3("shared-s3");
  private static final Shared<S3Server> DEDICATED_S3 = s3("dedicated-s3");
  private static final Shared<ElasticsearchServer> ELASTICSEARCH =
      elasticsearch("shared-elasticsearch");
  private static final Shared<ElasticsearchServer> DEDICATED_ELASTICSEARCH =
      elasticsearch("dedicated-elasticsearch");
  private static final Shared<TemporalServer> TEMPORAL =
      new Shared<>(() -> TemporalServer.start(FOLDER.get(), "temporal"));

  private TestServers() {}

  /** A private CA, and what it has signed. */
  public static TestCertificates certificates() {
    return CERTIFICATES.get();
  }

  /** The PostgreSQL that tests take for the shared cluster. */
  public static PostgresServer postgres() {
    return POSTGRES.get();
  }

  /** The PostgreSQL that tests take for the tenant's own. */
  public static PostgresServer dedicatedPostgres() {
    return DEDICATED_POSTGRES.get();
  }

  /** The Redis that tests take for the shared one. */
  public static RedisServer redis() {
    return REDIS.get();
  }

  /** The Redis that tests take for the tenant's own. */
  public static RedisServer dedicatedRedis() {
    return DEDICATED_REDIS.get();
  }

  /** The Kafka that tests take for the shared cluster. */
  public static KafkaServer kafka() {
    return KAFKA.get();
  }

  /** The Kafka that tests take for the tenant's own. */
  public static KafkaServer dedicatedKafka() {
    return DEDICATED_KAFKA.get();
  }

  /** A Kafka whose users log in and may do what an ACL allows. */
  public static KafkaServer guardedKafka() {
    return GUARDED_KAFKA.get();
  }

  /** The object store that tests take for the shared one. */
  public static S3Server s3() {
    return S3.get();
  }

  /** The object store that tests take for the tenant's own. */
  public static S3Server dedicatedS3() {
    return DEDICATED_S3.get();
  }

  /** The Elasticsearch that tests take for the shared cluster. */
  public static ElasticsearchServer elasticsearch() {
    return ELASTICSEARCH.get();
  }

  /** The Elasticsearch that tests take for the tenant's own. */
  public static ElasticsearchServer dedicatedElasticsearch() {
    return DEDICATED_ELASTICSEARCH.get();
  }

  /**
   * The Temporal server; see {@link TemporalServer#inMemory()} for what its kind asks of workers.
   */
  public static TemporalServer temporal() {
    return TEMPORAL.get();
  }

  static ServerFolder folder() {
    return FOLDER.get();
  }

  private static Shared<PostgresServer> postgres(String name) {
    return new Shared<>(() -> PostgresServer.start(FOLDER.get(), name));
  }

  private static Shared<RedisServer> redis(String name) {
    return new Shared<>(() -> RedisServer.start(FOLDER.get(), name));
  }

  private static Shared<KafkaServer> kafka(String name) {
    return new Shared<>(() -> KafkaServer.start(FOLDER.get(), name));
  }

  private static Shared<S3Server> s3(String name) {
    return new Shared<>(() -> S3Server.start(FOLDER.get(), name));
  }

  private static Shared<ElasticsearchServer> elasticsearch(String name) {
    return new Shared<>(
        () -> ElasticsearchServer.start(FOLDER.get(), name, ELASTICSEARCH_HEAP_MEGABYTES));
  }
}

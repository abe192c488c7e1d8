package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import software.amazon.awssdk.services.s3.S3Client;

/** The services of the sample platform, each with the stores that it needs to be healthy. */
public enum SampleService {
  /** Runs queries: needs the database and the search index. */
  QUERY("query-service"),
  /** Keeps what queries produce: needs the object storage. */
  ARTIFACT("artifact-service"),
  /** Tells what happened: needs the topics. */
  EVENT("event-service");

  private final String label;

  SampleService(String label) {
    this.label = label;
  }

  /** The service's name. */
  public String label() {
    return label;
  }

  /**
   * Looks whether the stores answer on a tenant's route, and that they have the tenant's data.
   *
   * @return where they were found
   * @throws RuntimeException where one does not answer
   */
  Map<String, String> check(TenantRoute route) {
    return switch (this) {
      case QUERY -> checkDatabaseAndIndex(route);
      case ARTIFACT -> checkObjects(route);
      case EVENT -> checkTopics(route);
    };
  }

  private static Map<String, String> checkDatabaseAndIndex(TenantRoute route) {
    try (TenantDatabase database = route.openDatabase()) {
      present("queries", database.countQueries());
    }
    long documents =
        new ElasticsearchHttp(route.elasticsearchUrl())
            .send(
                "POST",
                "/" + route.index() + "/_count",
                "{\"query\":{\"term\":{\"tenant_id\":\"%s\"}}}".formatted(route.tenant().key()))
            .path("count")
            .asLong();
    present("documents", documents);
    Map<String, String> found = new LinkedHashMap<>();
    found.put("database", Objects.requireNonNull(route.config().databaseUrl()));
    found.put("elasticsearch", route.elasticsearchUrl() + "/" + route.index());
    return found;
  }

  private static Map<String, String> checkObjects(TenantRoute route) {
    try (S3Client s3 = S3Clients.of(route.storageSide())) {
      int count =
          s3.listObjectsV2(
                  list ->
                      list.bucket(route.bucket()).prefix(route.objectKey("artifacts/")).maxKeys(1))
              .keyCount();
      present("objects", count);
    }
    return Map.of("objectStorage", Objects.requireNonNull(route.config().objectStorageUrl()));
  }

  private static Map<String, String> checkTopics(TenantRoute route) {
    List<String> topics = Arrays.stream(SampleTopic.values()).map(route::topic).toList();
    try (Admin admin = PlainKafka.admin(route.kafkaBootstrap())) {
      int described =
          PlainKafka.await("describe topics", admin.describeTopics(topics).allTopicNames()).size();
      present("topics", described);
    }
    return Map.of("kafka", route.kafkaBootstrap(), "topics", String.join(", ", topics));
  }

  private static void present(String what, long count) {
    if (count == 0) {
      throw new StoreException("there are no " + what);
    }
  }
}

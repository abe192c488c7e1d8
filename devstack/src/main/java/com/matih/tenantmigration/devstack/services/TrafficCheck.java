package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.TopicScan;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import com.matih.tenantmigration.devstack.services.Traffic.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/** Looks in the stores of a route for everything that a tenant's traffic was told is written. */
public final class TrafficCheck {

  private TrafficCheck() {}

  /** What was accepted but is not there, by name. */
  public static List<String> missing(Traffic traffic, TenantRoute route) {
    List<String> missing = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      List<String> accepted = traffic.accepted(kind);
      Set<String> found = find(kind, route);
      for (String name : accepted) {
        if (!found.contains(name)) {
          missing.add(kind + " " + name);
        }
      }
    }
    return missing;
  }

  private static Set<String> find(Kind kind, TenantRoute route) {
    return switch (kind) {
      case ROW -> {
        try (TenantDatabase database = route.openDatabase()) {
          yield new HashSet<>(database.findRuns(Traffic.NAME));
        }
      }
      case RECORD -> {
        Set<String> keys = new HashSet<>();
        TopicScan.read(
            route.kafkaBootstrap(),
            route.topic(SampleTopic.QUERY_EVENTS),
            record -> keys.add(new String(record.key(), StandardCharsets.UTF_8)));
        yield keys;
      }
      case DOCUMENT -> {
        Set<String> ids = new HashSet<>();
        IndexScan.read(
            new ElasticsearchHttp(route.elasticsearchUrl()),
            route.index(),
            hit -> ids.add(hit.path("_id").asText()));
        yield ids;
      }
      case OBJECT -> {
        try (S3Client s3 = S3Clients.of(route.storageSide())) {
          String prefix = route.objectKey("");
          Set<String> names = new HashSet<>();
          BucketScan.keys(s3, route.bucket(), prefix + Traffic.NAME)
              .forEach(key -> names.add(key.substring(prefix.length())));
          yield names;
        }
      }
    };
  }
}

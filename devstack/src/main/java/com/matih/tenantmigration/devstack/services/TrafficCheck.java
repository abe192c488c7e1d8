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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;

/** Compares the stores of a route with what a tenant's traffic was told is written. */
public final class TrafficCheck {

  private TrafficCheck() {}

  /**
   * What is not as it was acknowledged, by name: lost, there more than once, of another text, or
   * there although it was removed.
   */
  public static List<String> differences(Traffic traffic, TenantRoute route) {
    List<String> differences = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Map<String, List<String>> found = new TreeMap<>();
      find(kind, route, found);
      traffic
          .acknowledged(kind)
          .forEach(
              (name, text) ->
                  difference(text, found.getOrDefault(name, List.of()))
                      .ifPresent(what -> differences.add(kind + " " + name + " " + what)));
    }
    return differences;
  }

  private static Optional<String> difference(Optional<String> expected, List<String> found) {
    if (found.equals(expected.stream().toList())) {
      return Optional.empty();
    }
    if (found.isEmpty()) {
      return Optional.of("is missing");
    }
    if (expected.isEmpty()) {
      return Optional.of("was removed and is there");
    }
    return Optional.of(
        found.size() > 1 ? "is there %d times".formatted(found.size()) : "has an old text");
  }

  /** Notes the texts under each name. */
  private static void find(Kind kind, TenantRoute route, Map<String, List<String>> found) {
    switch (kind) {
      case ROW -> {
        try (TenantDatabase database = route.openDatabase()) {
          for (String row : database.findRuns(Traffic.NAME)) {
            int space = row.indexOf(' ');
            note(found, row.substring(0, space), row.substring(space + 1));
          }
        }
      }
      case RECORD ->
          TopicScan.read(
              route.kafkaBootstrap(),
              route.topic(SampleTopic.QUERY_EVENTS),
              record -> note(found, text(record.key()), text(record.value())));
      case DOCUMENT ->
          IndexScan.read(
              new ElasticsearchHttp(route.elasticsearchUrl()),
              route.index(),
              hit ->
                  note(
                      found, hit.path("_id").asText(), hit.path("_source").path("title").asText()));
      case OBJECT -> {
        try (S3Client s3 = S3Clients.of(route.storageSide())) {
          String prefix = route.objectKey("");
          for (String key : BucketScan.keys(s3, route.bucket(), prefix + Traffic.NAME)) {
            note(
                found,
                key.substring(prefix.length()),
                s3.getObjectAsBytes(get -> get.bucket(route.bucket()).key(key)).asUtf8String());
          }
        }
      }
    }
  }

  private static void note(Map<String, List<String>> found, String name, String text) {
    found.computeIfAbsent(name, unused -> new ArrayList<>()).add(text);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}

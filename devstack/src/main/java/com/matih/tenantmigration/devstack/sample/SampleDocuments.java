package com.matih.tenantmigration.devstack.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The tenants' documents in the shared index: some routed by hand, some changed since. */
public final class SampleDocuments {

  /** The shared index. */
  public static final String INDEX = "shared-queries";

  private static final int BATCH = 2_500;
  private static final int THREADS = 2;
  private static final int EVERY_ROUTED = 10;
  private static final int WORKSPACES = 7;

  private final ElasticsearchHttp elasticsearch;
  private final SampleSeed seed;

  public SampleDocuments(Side shared, SampleSeed seed) {
    this.elasticsearch = new ElasticsearchHttp(shared.elasticsearchUrl());
    this.seed = seed;
  }

  /** The dedicated index of a tenant. */
  public static String dedicatedIndex(SampleTenant tenant) {
    return tenant.dedicatedName("queries");
  }

  /** Creates the index and writes all tenants' documents. */
  public void load() {
    elasticsearch.send("PUT", "/" + INDEX, settings());
    List<Runnable> batches = new ArrayList<>();
    for (SampleTenant tenant : seed.size().tenants()) {
      int count = seed.size().of(tenant).documents();
      for (int from = 1; from <= count; from += BATCH) {
        int first = from;
        int last = Math.min(count, from + BATCH - 1);
        batches.add(() -> elasticsearch.bulk(INDEX, lines(tenant, first, last)));
      }
    }
    Concurrently.run(THREADS, batches);
    elasticsearch.send("POST", "/" + INDEX + "/_refresh");
  }

  private String lines(SampleTenant tenant, int first, int last) {
    StringBuilder lines = new StringBuilder();
    for (int number = first; number <= last; number++) {
      lines
          .append(action(tenant, number))
          .append('\n')
          .append(document(tenant, number))
          .append('\n');
    }
    return lines.toString();
  }

  private static ObjectNode action(SampleTenant tenant, int number) {
    ObjectNode action = ElasticsearchHttp.JSON.createObjectNode();
    ObjectNode index =
        action
            .putObject("index")
            .put("_id", "query-" + tenant.rowId(number))
            .put("version", 1 + number % 5)
            .put("version_type", "external");
    if (number % EVERY_ROUTED == 0) {
      index.put("routing", "workspace-" + number % WORKSPACES);
    }
    return action;
  }

  private ObjectNode document(SampleTenant tenant, int number) {
    SplittableRandom random = seed.random(tenant, "document", number);
    ObjectNode document =
        ElasticsearchHttp.JSON
            .createObjectNode()
            .put("tenant_id", tenant.key())
            .put("title", "Umsätze of-%s %d".formatted(tenant.id(), number))
            .put(
                "body",
                "SELECT day FROM facts_%d WHERE region = '%016x%016x'"
                    .formatted(random.nextInt(500), random.nextLong(), random.nextLong()))
            .put("status", List.of("draft", "active", "archived").get(number % 3))
            .put("runs", random.nextInt(1_000))
            .put("cost", random.nextInt(1_000_000) / 7.0)
            .put("last_run", seed.until().minusSeconds(random.nextInt(400_000)).toString());
    document
        .putArray("steps")
        .addObject()
        .put("name", "scan")
        .put("millis", random.nextInt(60_000));
    if (number % 4 == 0) {
      document.putObject("labels").put("team", "team " + number % 9).put("übung", "ja");
    }
    return document;
  }

  private static String settings() {
    try (InputStream resource = SampleDocuments.class.getResourceAsStream("queries-index.json")) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read queries-index.json", e);
    }
  }
}

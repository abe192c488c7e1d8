package com.matih.tenantmigration.benchmarks.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreBench;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.benchmarks.stores.StoreSizes;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Documents of some 400 bytes in an index of two shards, half of them a tenant's. */
public final class ElasticsearchBench implements StoreBench {

  static final String SHARED_INDEX = "shared-queries";
  static final String MAPPINGS =
      """
      "mappings": {"properties": {
        "tenant_id": {"type": "keyword"}, "title": {"type": "text"}, "body": {"type": "text"},
        "status": {"type": "keyword"}, "amount": {"type": "double"}, "at": {"type": "date"}}}
      """;

  private static final int NEIGHBOURS = 9;
  private static final int BULK = 2_000_000;
  private static final int WORDS = 40;
  private static final int VOCABULARY = 5_000;

  private final StoreServers servers;
  private final StoreSizes sizes;
  private final Cluster shared;
  private final Cluster dedicated;

  public ElasticsearchBench(StoreServers servers, StoreSizes sizes) {
    this.servers = servers;
    this.sizes = sizes;
    this.shared = new Cluster(servers.shared(ElasticsearchServer.class).url());
    this.dedicated = new Cluster(servers.dedicated(ElasticsearchServer.class).url());
  }

  @Override
  public String unit() {
    return "documents";
  }

  @Override
  public long amount() {
    return sizes.documents();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "documents",
        sizes.documents(),
        "neighboursDocuments",
        sizes.documents(),
        "shards",
        2,
        "rounds",
        sizes.rounds());
  }

  @Override
  public void seed() throws IOException, InterruptedException {
    var unusedIndex =
        shared.send(
            "PUT",
            "/" + SHARED_INDEX,
            "{\"settings\": {\"number_of_shards\": 2, \"number_of_replicas\": 0}, %s}"
                .formatted(MAPPINGS));
    Random random = new Random(1);
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < sizes.documents(); i++) {
      append(bulk, "d" + i, OwnMigration.TENANT, random);
      append(bulk, "n" + i, "neighbour-" + i % NEIGHBOURS, random);
      if (bulk.length() > BULK || i == sizes.documents() - 1) {
        var unused = shared.send("POST", "/" + SHARED_INDEX + "/_bulk", bulk.toString());
        bulk.setLength(0);
      }
    }
    var unused = shared.send("POST", "/" + SHARED_INDEX + "/_refresh", "");
  }

  private static void append(StringBuilder bulk, String id, String tenant, Random random) {
    bulk.append("{\"index\":{\"_id\":\"").append(id).append("\"}}\n{\"tenant_id\":\"");
    bulk.append(tenant).append("\",\"title\":\"query ").append(random.nextInt(VOCABULARY));
    bulk.append("\",\"status\":\"done\",\"amount\":").append(random.nextInt(VOCABULARY) / 8.0);
    bulk.append(",\"at\":\"2026-01-0").append(1 + random.nextInt(9)).append("\",\"body\":\"");
    for (int i = 0; i < WORDS; i++) {
      bulk.append("word").append(random.nextInt(VOCABULARY)).append(' ');
    }
    bulk.append("\"}\n");
  }

  @Override
  public List<Contender> contenders() {
    return List.of(new DocumentEngines(servers), new ScrollAndBulk(shared, dedicated));
  }

  /** The servers that can be started here are built without what copies from another cluster. */
  @Override
  public List<Absence> absent() {
    return List.of(
        new Absence("remote _reindex", "not run by this benchmark"),
        new Absence("elasticdump", "not run by this benchmark"));
  }

  @Override
  public long arrived(String target) throws IOException, InterruptedException {
    var unused = dedicated.send("POST", "/" + target + "/_refresh", "");
    return dedicated
        .send("GET", "/" + target + "/_count?q=tenant_id:" + OwnMigration.TENANT, "")
        .path("count")
        .asLong();
  }

  @Override
  public void clear() throws IOException, InterruptedException {
    for (JsonNode index : dedicated.send("GET", "/_cat/indices?format=json", "")) {
      var unused = dedicated.send("DELETE", "/" + index.path("index").asText(), "");
    }
  }

  @Override
  public void close() {
    // its connections end with the servers
  }
}

package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A shared index of a test's own, with documents of acme and globex in it. */
public final class SharedIndex {

  /** A server may outlive the classes of its tests. */
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

  private static final AtomicInteger COUNTER = new AtomicInteger();
  static final String TENANT_KEY = "acme-tenant-id";
  static final String FOREIGN_KEY = "globex-tenant-id";

  private final TestCluster shared;
  private final TestCluster dedicated;
  private final String from;
  private final String to;

  private SharedIndex(TestCluster shared, TestCluster dedicated, String from) {
    this.shared = shared;
    this.dedicated = dedicated;
    this.from = from;
    this.to = "docs-%s-%d".formatted(RUN, COUNTER.incrementAndGet());
  }

  public static SharedIndex create(TestCluster shared, TestCluster dedicated) {
    String from = "shared-docs-%s-%d".formatted(RUN, COUNTER.incrementAndGet());
    SharedIndex index = new SharedIndex(shared, dedicated, from);
    shared.put(
        "/" + index.from,
        """
        {"settings": {"index": {
           "number_of_shards": 3, "number_of_replicas": 1, "refresh_interval": "7s",
           "analysis": {"analyzer": {"folded": {
             "type": "custom", "tokenizer": "standard", "filter": ["lowercase", "shortened"]}},
             "filter": {"shortened": {"type": "stop", "stopwords": ["of", "a"]}}}}},
         "mappings": {"_meta": {"owner": "search"}, "dynamic": "strict", "properties": {
           "tenant_id": {"type": "keyword"},
           "title": {"type": "text", "analyzer": "folded",
                     "fields": {"raw": {"type": "keyword"}}},
           "amount": {"type": "long"},
           "ratio": {"type": "double"},
           "open": {"type": "object", "enabled": false},
           "comments": {"type": "nested", "properties": {
             "author": {"type": "keyword"}, "text": {"type": "text"}}}}}}
        """);
    return index;
  }

  /** The same index, moved under another name. */
  SharedIndex underAnotherName() {
    return new SharedIndex(shared, dedicated, from);
  }

  public String from() {
    return from;
  }

  public String to() {
    return to;
  }

  /** Puts an empty index onto the dedicated cluster, as somebody might have prepared it. */
  void prepareTarget(String refreshInterval) {
    dedicated.put(
        "/" + to,
        """
        {"settings": {"index": {"number_of_replicas": 0, "refresh_interval": "%s",
           "analysis": {"analyzer": {"folded": {"type": "standard"}}}}},
         "mappings": {"_meta": {"theirs": true}}}
        """
            .formatted(refreshInterval));
  }

  /** Puts plain documents of acme, and one of globex for each ten. */
  public void fill(int documents) {
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      append(bulk, "doc-" + i, TENANT_KEY, i);
      if (i % 10 == 0) {
        append(bulk, "foreign-" + i, FOREIGN_KEY, i);
      }
      if (bulk.length() > 2_000_000 || i == documents - 1) {
        shared.post("/" + from + "/_bulk", bulk.toString());
        bulk.setLength(0);
      }
    }
  }

  private static void append(StringBuilder bulk, String id, String tenant, int number) {
    bulk.append("{\"index\":{\"_id\":\"%s\"}}\n".formatted(id));
    bulk.append(
        "{\"tenant_id\":\"%s\",\"title\":\"Query number %d of a day\",\"amount\":%d,\"open\":{\"sql\":\"%s\"}}\n"
            .formatted(tenant, number, number, "SELECT 1 ".repeat(20)));
  }

  public MigrationContext context(String migrationId) {
    return context(
        migrationId, List.of(new ElasticsearchSpec.Index(from, to, "tenant_id")), dedicated.url());
  }

  public MigrationContext context(
      String migrationId, List<ElasticsearchSpec.Index> indices, String dedicatedUrl) {
    return context(migrationId, indices, shared.url(), dedicatedUrl);
  }

  /** The same over other addresses of the clusters. */
  public MigrationContext context(String migrationId, String sharedUrl, String dedicatedUrl) {
    return context(
        migrationId,
        List.of(new ElasticsearchSpec.Index(from, to, "tenant_id")),
        sharedUrl,
        dedicatedUrl);
  }

  private static MigrationContext context(
      String migrationId,
      List<ElasticsearchSpec.Index> indices,
      String sharedUrl,
      String dedicatedUrl) {
    return context(
        migrationId,
        new ElasticsearchSpec(
            new ElasticsearchSpec.Cluster(sharedUrl, null),
            new ElasticsearchSpec.Cluster(dedicatedUrl, null),
            indices));
  }

  static MigrationContext context(String migrationId, ElasticsearchSpec spec) {
    MigrationRequest request =
        new MigrationRequest(
            "acme",
            TENANT_KEY,
            new TierChange("STARTER", "ENTERPRISE"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ofSeconds(1),
            null,
            new SnapshotSpec("file:/tmp"),
            null,
            null,
            null,
            spec,
            null,
            VerificationSpec.NONE);
    return new MigrationContext(migrationId, "tenant-migration-acme", "run", request);
  }
}

package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Indices and documents that are set up in a way that few are. */
class UnusualIndexIT extends IndexLab {

  @Test
  void documentsWithCommentsLineBreaksAndDeepNestingKeepEveryByte() {
    String commented =
        "{ // whose it is\n  \"tenant_id\": \"acme-tenant-id\", /* the text */\r\n"
            + "  \"title\": \"Two\"\n}";
    String deep =
        "{\"tenant_id\":\"acme-tenant-id\",\"open\":{\"d\":%s1%s}}"
            .formatted("[".repeat(990), "]".repeat(990));
    shared.put("/%s/_doc/commented?routing=r".formatted(index.from()), commented);
    shared.put("/%s/_doc/deep".formatted(index.from()), deep);
    shared.put("/%s/_doc/line".formatted(index.from()), "{\"tenant_id\":\"acme-tenant-id\"}");

    move(context);

    assertThat(dedicated.source(index.to(), "commented?routing=r")).isEqualTo(commented);
    assertThat(dedicated.source(index.to(), "deep")).isEqualTo(deep);
    assertThat(dedicated.count(index.to())).isEqualTo(3);
  }

  @Test
  void pagesAreNoLargerThanAnIndexAllows() {
    index.fill(230);
    shared.put("/%s/_settings".formatted(index.from()), "{\"index.max_result_window\":11}");

    move(context);

    assertThat(dedicated.count(index.to())).isEqualTo(230);
    assertThat(settings().path("max_result_window").asText()).isEqualTo("11");
    ElasticsearchTenantLeak leak = new ElasticsearchTenantLeak(secrets);
    assertThat(leak.findForeign(context, MONITOR).namedMismatches()).isEmpty();
    for (int i = 0; i < 13; i++) {
      dedicated.put("/%s/_doc/foreign-%d".formatted(index.to(), i), "{\"tenant_id\":\"globex\"}");
    }
    Finding foreign = leak.findForeign(context, MONITOR);
    assertThat(foreign.mismatchCount()).isEqualTo(13);
    assertThat(foreign.namedMismatches())
        .filteredOn(named -> named.contains("/foreign-"))
        .hasSize(11)
        .doesNotHaveDuplicates();
    for (int i = 0; i < 13; i++) {
      dedicated.delete("/%s/_doc/foreign-%d".formatted(index.to(), i));
    }
    dedicated.put("/%s/_doc/extra".formatted(index.to()), "{\"tenant_id\":\"acme-tenant-id\"}");
    assertThat(comparison.compare(context, MONITOR).namedMismatches())
        .singleElement()
        .asString()
        .contains("/extra is not among the tenant's documents");
  }

  @Test
  void aFieldThatTheMappingNoLongerIndexesIsInTheSourcesAndNotLost() {
    String mapping =
        "{\"properties\":{\"link\":{\"properties\":{\"url\":{\"type\":\"keyword\",\"ignore_above\":%d}}}}}";
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted(200));
    for (String link :
        List.of("\"link\":[{\"url\":\"a long address\"}]", "\"link.url\":\"another long one\"")) {
      shared.post(
          "/%s/_doc?refresh=true".formatted(index.from()),
          "{\"tenant_id\":\"acme-tenant-id\",%s}".formatted(link));
    }
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted(8));

    move(context);

    assertThat(dedicated.count(index.to())).isEqualTo(2);
  }

  @Test
  void aFieldOfCopiesThatTheMappingNoLongerIndexesIsNotLost() {
    String mapping =
        "{\"properties\":{\"name\":{\"type\":\"keyword\",\"copy_to\":[\"words\"]},"
            + "\"words\":{\"type\":\"keyword\",\"ignore_above\":%d}}}";
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted(200));
    shared.post(
        "/%s/_doc?refresh=true".formatted(index.from()),
        "{\"tenant_id\":\"acme-tenant-id\",\"name\":\"a long one\"}");
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted(8));

    move(context);

    assertThat(dedicated.count(index.to())).isEqualTo(1);
  }

  /** DOCUMENT_CONTENT would find that no document of the dedicated index has it. */
  @Test
  void aFieldOfCopiesThatNothingIsCopiedToAnyMoreIsRefusedByName() {
    String mapping =
        "{\"properties\":{\"name\":{\"type\":\"keyword\",\"copy_to\":[%s]},"
            + "\"words\":{\"type\":\"keyword\"}}}";
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted("\"words\""));
    String document = "/%s/_doc/copied?refresh=true".formatted(index.from());
    String content = "{\"tenant_id\":\"acme-tenant-id\",\"name\":\"a long one\"}";
    shared.put(document, content);
    index.fill(200);
    IndexPlanner planner = new IndexPlanner(clients);
    assertThat(planner.plan(context, MONITOR).refusals()).isEmpty();
    shared.put("/%s/_mapping".formatted(index.from()), mapping.formatted(""));

    assertThat(planner.plan(context, MONITOR).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.from());
              assertThat(refusal.reason()).contains("leaves them: words.");
              assertThat(refusal.remedy()).contains("POST %s/_upd".formatted(index.from()));
            });

    shared.put(document, content);
    assertThat(planner.plan(context, MONITOR).refusals()).isEmpty();
    move(context);
  }

  @Test
  void anExistingIndexThatCopiesNothingGetsTheSharedMapping() {
    String from = index.from() + "-copies";
    String mapping =
        "{\"mappings\":{\"properties\":{\"tenant_id\":{\"type\":\"keyword\"},"
            + "\"name\":{\"type\":\"keyword\"%s},\"words\":{\"type\":\"keyword\"}}}}";
    shared.put("/" + from, mapping.formatted(",\"copy_to\":[\"words\"]"));
    shared.post(
        "/%s/_doc?refresh=true".formatted(from),
        "{\"tenant_id\":\"acme-tenant-id\",\"name\":\"a long one\"}");
    dedicated.put("/" + index.to(), mapping.formatted(""));
    MigrationContext copies =
        index.context(
            migrationId,
            List.of(new ElasticsearchSpec.Index(from, index.to(), "tenant_id")),
            dedicated.url());
    assertThat(new IndexPlanner(clients).plan(copies, MONITOR).refusals()).isEmpty();

    move(copies);
  }

  @Test
  void anIndexMovesThatWasMadeReadOnlyByTheInterfaceForThat() {
    index.fill(3);
    shared.put("/%s/_block/write".formatted(index.from()), "");

    move(context);

    assertThat(settings().has("blocks")).isFalse();
    assertThat(settings().has("verified_read_only")).isFalse();
    assertThat(dedicated.count(index.to())).isEqualTo(3);
  }

  @Test
  void documentsMoveByATenantFieldWhoseNameHasADot() {
    String from = index.from() + "-dotted";
    shared.put(
        "/" + from,
        """
        {"mappings": {"subobjects": false, "properties": {
           "labels.tenant_id": {"type": "keyword"}, "cpu": {"type": "long"}, "cpu.max": {"type": "long"}}}}
        """);
    for (String document :
        List.of(
            "{\"labels.tenant_id\":\"acme-tenant-id\",\"cpu\":1,\"cpu.max\":2}",
            "{\"labels\":{\"tenant_id\":\"acme-tenant-id\"},\"cpu\":3}",
            "{\"labels.tenant_id\":\"globex-tenant-id\"}")) {
      shared.post("/%s/_doc?refresh=true".formatted(from), document);
    }
    MigrationContext dotted =
        index.context(
            migrationId,
            List.of(new ElasticsearchSpec.Index(from, index.to(), "labels.tenant_id")),
            dedicated.url());

    move(dotted);

    assertThat(dedicated.count(index.to())).isEqualTo(2);
  }

  @Test
  void writesDoNotWaitForCopiesThatAreMadeLater() {
    index.fill(30);
    shared.put(
        "/%s/_settings".formatted(index.from()), "{\"index.write.wait_for_active_shards\":\"2\"}");
    long begun = System.nanoTime();

    move(context);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(50));
    assertThat(settings().path("write").path("wait_for_active_shards").asText()).isEqualTo("2");
  }

  @Test
  void whatIsCarriedOverIsOnDiskWhereAnIndexForgetsItsLastWritesInACrash() {
    index.fill(30);
    shared.put(
        "/%s/_settings".formatted(index.from()), "{\"index.translog.durability\":\"async\"}");

    provisioner.provision(context, MONITOR);
    assertThat(settings().path("translog").path("durability").asText()).isEqualTo("request");

    move(context);
    assertThat(settings().path("translog").path("durability").asText()).isEqualTo("async");
  }

  @Test
  void anAliasOfSeveralIndicesLeadsToAllThatMove() {
    SharedIndex second = SharedIndex.create(shared, dedicated);
    index.fill(3);
    second.fill(4);
    shared.post(
        "/_aliases",
        "{\"actions\":[{\"add\":{\"indices\":[\"%s\",\"%s\"],\"alias\":\"%s-all\"}}]}"
            .formatted(index.from(), second.from(), index.from()));
    MigrationContext both =
        index.context(
            migrationId,
            List.of(
                new ElasticsearchSpec.Index(index.from(), index.to(), "tenant_id"),
                new ElasticsearchSpec.Index(second.from(), second.to(), "tenant_id")),
            dedicated.url());

    move(both);

    assertThat(dedicated.count(index.from() + "-all")).isEqualTo(7);
  }

  @Test
  void theMarkIsGoneWhenTheMigrationIsCompleted() {
    index.fill(3);
    move(context);
    JsonNode original = mappings(shared, index.from());
    assertThat(mappings(dedicated, index.to())).isNotEqualTo(original);

    remover.removeWriteAliases(context, MONITOR);
    remover.removeWriteAliases(context, MONITOR);

    assertThat(mappings(dedicated, index.to())).isEqualTo(original);
  }

  @Test
  void aMappingThatSaidNothingOfItselfSaysNothingAfterwards() {
    String from = index.from() + "-plain";
    shared.put(
        "/" + from, "{\"mappings\":{\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    shared.put("/%s/_doc/1?refresh=true".formatted(from), "{\"tenant_id\":\"acme-tenant-id\"}");
    MigrationContext plain =
        index.context(
            migrationId,
            List.of(new ElasticsearchSpec.Index(from, index.to(), "tenant_id")),
            dedicated.url());
    move(plain);

    remover.removeWriteAliases(plain, MONITOR);

    assertThat(mappings(dedicated, index.to()).path("_meta").isEmpty()).isTrue();
  }

  @Test
  void aSortedIndexKeepsItsOrderAndItsBlocksStayBehind() {
    String from = index.from() + "-sorted";
    shared.put(
        "/" + from,
        """
        {"settings": {"index": {"number_of_shards": 2, "sort.field": "tenant_id", "sort.order": "desc", "codec": "best_compression"}},
         "mappings": {"properties": {"tenant_id": {"type": "keyword"}}}}
        """);
    shared.put(
        "/%s/_doc/1?refresh=true&routing=a%%2Fb".formatted(from),
        "{\"tenant_id\":\"acme-tenant-id\"}");
    shared.put("/%s/_settings".formatted(from), "{\"index.blocks.write\":true}");
    MigrationContext sorted =
        index.context(
            migrationId,
            List.of(new ElasticsearchSpec.Index(from, index.to(), "tenant_id")),
            dedicated.url());

    move(sorted);

    assertThat(settings().path("sort").path("order").asText()).contains("desc");
    assertThat(settings().path("codec").asText()).isEqualTo("best_compression");
    assertThat(settings().has("blocks")).isFalse();
    remover.removeWriteAliases(sorted, MONITOR);
  }

  @Test
  void aPageOrARequestThatAClusterHasNoMemoryForIsMadeSmaller() throws IOException {
    index.fill(3_000);
    AtomicInteger refused = new AtomicInteger();
    try (ClusterProxy smallShared = new ClusterProxy(shared, new LittleMemory(refused, 150, 999));
        ClusterProxy smallDedicated =
            new ClusterProxy(dedicated, new LittleMemory(refused, 999, 40))) {
      MigrationContext through =
          index.context(migrationId, smallShared.url(), smallDedicated.url());

      move(through);
    }

    assertThat(refused.get()).isPositive();
    assertThat(dedicated.count(index.to())).isEqualTo(3_000);
  }

  /**
   * Turns away what is too large.
   *
   * @param documents how many a search may ask for
   * @param operations how many a bulk request may hold
   */
  private record LittleMemory(AtomicInteger refused, int documents, int operations)
      implements ClusterProxy.Behaviour {

    private static final Pattern SIZE = Pattern.compile("\"size\":(\\d+)");
    private static final String BREAKER =
        "{\"error\":{\"type\":\"search_phase_execution_exception\",\"reason\":\"all shards failed\","
            + "\"caused_by\":{\"type\":\"circuit_breaking_exception\",\"reason\":\"too large\"}},"
            + "\"status\":429}";

    @Override
    public Optional<ClusterProxy.Reply> answer(ClusterProxy.Call call) {
      Matcher size = SIZE.matcher(call.body());
      boolean search =
          call.target().contains("_search")
              && size.find()
              && Integer.parseInt(size.group(1)) > documents;
      boolean bulk =
          call.target().contains("_bulk") && call.body().lines().count() > 2L * operations;
      if (search || bulk) {
        refused.incrementAndGet();
        return Optional.of(new ClusterProxy.Reply(search ? 429 : 413, search ? BREAKER : ""));
      }
      return Optional.empty();
    }
  }

  private void move(MigrationContext moved) {
    provisioner.provision(moved, MONITOR);
    copier.copy(moved, MONITOR);
    Finding finding = comparison.compare(moved, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isPositive();
  }

  private JsonNode settings() {
    return dedicated.get("/" + index.to()).path(index.to()).path("settings").path("index");
  }

  private static JsonNode mappings(TestCluster cluster, String name) {
    return cluster.get("/" + name).path(name).path("mappings");
  }
}

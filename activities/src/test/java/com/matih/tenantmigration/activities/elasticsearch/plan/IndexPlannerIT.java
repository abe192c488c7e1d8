package com.matih.tenantmigration.activities.elasticsearch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.SharedIndex;
import com.matih.tenantmigration.activities.elasticsearch.TestCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class IndexPlannerIT {

  private final TestCluster shared = new TestCluster(TestServers.elasticsearch());
  private final TestCluster dedicated = new TestCluster(TestServers.dedicatedElasticsearch());
  private final SharedIndex index = SharedIndex.create(shared, dedicated);
  private final IndexPlanner planner =
      new IndexPlanner(new ElasticsearchClients(TestSecrets.of(name -> null)));

  @Test
  void theTenantsDocumentsAreCountedAndNothingIsCreated() {
    index.fill(30);
    shared.post("/" + index.from() + "/_refresh", "");

    PlanFindings findings = plan(List.of(move(index.from(), index.to(), "tenant_id")));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
    assertThat(findings.stores().elasticsearch().indices())
        .singleElement()
        .matches(found -> found.index().equals(index.to()) && found.documents() == 30);
    assertThat(dedicated.exists(index.to())).isFalse();
  }

  @Test
  void moreDocumentsTakeLongerToCopy() {
    index.fill(30);
    StoreEstimate small = estimate();
    index.fill(6_000);
    StoreEstimate large = estimate();

    assertThat(small.copySeconds()).isLessThan(3);
    assertThat(large.copySeconds()).isGreaterThan(small.copySeconds());
    assertThat(large.drainSeconds()).isPositive();
  }

  private StoreEstimate estimate() {
    shared.post("/" + index.from() + "/_refresh", "");
    PlanFindings findings = plan(List.of(move(index.from(), index.to(), "tenant_id")));
    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.estimates()).singleElement().extracting("unknown").isNull();
    return findings.estimates().get(0);
  }

  @Test
  void documentsWithAnotherSpellingOfTheKeyAreRefused() {
    String key = index.context("x").request().tenantKey();
    shared.put(
        "/%s/_doc/other?refresh=true".formatted(index.from()),
        "{\"tenant_id\":\"%s\"}".formatted(key.toUpperCase(java.util.Locale.ROOT)));

    assertThat(plan(List.of(move(index.from(), index.to(), "tenant_id"))).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.from() + ".tenant_id");
              assertThat(refusal.reason())
                  .isEqualTo(
                      "The index has 1 document with the tenant key '%s' in another spelling, which would not move."
                          .formatted(key));
            });
  }

  @Test
  void documentsThatAnAliasShowsOfOtherIndicesAreLeftBehind() {
    String alias = index.from() + "-logs";
    for (String other : List.of("-000001", "-000002", "-000003")) {
      String name = index.from() + other;
      shared.put(
          "/" + name, "{\"mappings\":{\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
      shared.put("/%s/_doc/1?refresh=true".formatted(name), "{\"tenant_id\":\"acme-tenant-id\"}");
      shared.post(
          "/_aliases",
          "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}".formatted(name, alias));
    }
    shared.post(
        "/_aliases",
        "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\",\"is_write_index\":true}}]}"
            .formatted(index.from(), alias));
    ElasticsearchSpec.Index ours = move(index.from(), index.to(), "tenant_id");
    ElasticsearchSpec.Index first = move(index.from() + "-000001", index.to() + "-1", "tenant_id");

    PlanFindings findings = plan(List.of(ours, first));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.leftBehind())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.object()).isEqualTo(alias);
              assertThat(left.count()).isEqualTo(2);
              assertThat(left.reason())
                  .isEqualTo(
                      "The alias also leads to %1$s-000002, %1$s-000003, which the request does not name, with 2 documents of the tenant that it will not show on the dedicated cluster."
                          .formatted(index.from()));
            });

    shared.post("/%s-000002/_close".formatted(index.from()), "");
    assertThat(plan(List.of(ours, first)).leftBehind())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.count()).isEqualTo(LeftBehind.UNKNOWN);
              assertThat(left.reason()).startsWith("The alias may also lead to indices");
            });
  }

  @Test
  void anExistingIndexThatLacksWhatTheSharedOneNeedsIsRefused() {
    String from = index.from() + "-lenient";
    shared.put(
        "/" + from,
        """
        {"settings": {"index": {"mapping": {"ignore_malformed": true},
           "analysis": {"analyzer": {"folded": {"type": "standard"}, "unused": {"type": "standard"}},
             "normalizer": {"small": {"type": "custom", "filter": ["lowercase"]}}}}},
         "mappings": {"properties": {"tenant_id": {"type": "keyword"},
           "analyzer": {"type": "keyword"},
           "title": {"type": "text", "analyzer": "standard", "search_analyzer": "folded",
                     "fields": {"raw": {"type": "keyword", "normalizer": "small"}}}}}}
        """);
    shared.put("/%s/_doc/1?refresh=true".formatted(from), "{\"tenant_id\":\"acme-tenant-id\"}");
    dedicated.put("/" + index.to(), "{\"settings\":{\"index.mapping.coerce\":false}}");

    assertThat(plan(List.of(move(from, index.to(), "tenant_id"))).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.to());
              assertThat(refusal.reason())
                  .isEqualTo(
                      "The index exists on the dedicated cluster, and its settings lack what the shared index' documents or mapping need: index.mapping.ignore_malformed: true, index.mapping.coerce: true, the analyzer folded, the normalizer small.");
            });
  }

  @Test
  void anotherTenantsKeyWithoutTheDashesIsNoOtherSpelling() {
    String key = index.context("x").request().tenantKey();
    shared.put(
        "/%s/_doc/other?refresh=true".formatted(index.from()),
        "{\"tenant_id\":\"%s\"}".formatted(key.replace("-", "")));

    assertThat(plan(List.of(move(index.from(), index.to(), "tenant_id"))).refusals()).isEmpty();
  }

  @Test
  void aUuidWithOrWithoutItsDashesIsTheSameKey() {
    String dashed = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    for (String written :
        List.of(dashed, dashed.toUpperCase(Locale.ROOT), dashed.replace("-", ""))) {
      shared.put(
          "/%s/_doc/%s?refresh=true".formatted(index.from(), written),
          "{\"tenant_id\":\"%s\"}".formatted(written));
    }
    for (String key : List.of(dashed, dashed.replace("-", ""))) {
      var answer =
          shared.post(
              "/%s/_count".formatted(index.from()),
              "{\"query\":%s}".formatted(Queries.ofAnotherSpelling("tenant_id", key)));
      assertThat(answer.path("count").asInt()).as(key).isEqualTo(2);
    }
  }

  @Test
  void everyProblemIsNamedAtOnce() {
    String prefix = index.from();
    shared.put(
        "/" + prefix + "-nosource",
        "{\"mappings\":{\"_source\":{\"enabled\":false},\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    shared.put(
        "/" + prefix + "-parts",
        "{\"mappings\":{\"_source\":{\"excludes\":[\"x\"]},\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    shared.post(
        "/_aliases",
        "{\"actions\":[{\"add\":{\"indices\":[\"%1$s\",\"%1$s-parts\"],\"alias\":\"%1$s-two\"}}]}"
            .formatted(prefix));
    dedicated.put("/%s-full/_doc/1?refresh=true".formatted(index.to()), "{\"a\":1}");
    dedicated.put(
        "/%s-other".formatted(index.to()), "{\"aliases\":{\"%s-alias\":{}}}".formatted(index.to()));

    PlanFindings findings =
        plan(
            List.of(
                move(prefix + "-absent", index.to() + "-1", "tenant_id"),
                move(prefix + "-two", index.to() + "-2", "tenant_id"),
                move(prefix + "-nosource", index.to() + "-3", "tenant_id"),
                move(prefix + "-parts", index.to() + "-4", "tenant_id"),
                move(prefix, index.to() + "-full", "title"),
                move(prefix, index.to() + "-alias", "tenant_id"),
                move(prefix, index.to() + "-twice", "tenant_id"),
                move(prefix, index.to() + "-twice", "tenant_id"),
                move(prefix, "Capital", "tenant_id")));

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            prefix + "-absent",
            prefix + "-two",
            prefix + "-nosource",
            prefix + "-parts",
            prefix + ".title",
            index.to() + "-full",
            index.to() + "-alias",
            index.to() + "-twice",
            "Capital");
    assertThat(findings.refusals()).allMatch(refusal -> refusal.store().equals("elasticsearch"));
  }

  @Test
  void whatDoesNotComeAlongIsToldBeforehand() {
    index.fill(1);
    shared.post("/" + index.from() + "/_refresh", "");
    shared.put("/%s/_settings".formatted(index.from()), "{\"final_pipeline\":\"only-here\"}");
    shared.post(
        "/_aliases",
        """
        {"actions": [
          {"add": {"index": "%1$s", "alias": "%1$s-view",
                   "filter": {"range": {"amount": {"gt": 5}}}}},
          {"add": {"index": "%1$s", "alias": "%1$s-taken"}}]}
        """
            .formatted(index.from()));
    dedicated.put(
        "/%s-holder".formatted(index.to()),
        "{\"aliases\":{\"%s-taken\":{}}}".formatted(index.from()));

    PlanFindings findings = plan(List.of(move(index.from(), index.to(), "tenant_id")));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings())
        .extracting(Warning::object)
        .containsExactlyInAnyOrder("only-here", index.from() + "-view", index.from() + "-taken");
  }

  @Test
  void aClusterThatDoesNotAnswerIsARefusalBesideTheOthers() {
    PlanFindings findings =
        planner.plan(
            index.context(
                TestJournal.newMigrationId(),
                List.of(move(index.from() + "-absent", index.to(), "tenant_id")),
                "http://127.0.0.1:1"),
            ProgressMonitor.unmonitored());

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(index.from() + "-absent", "elasticsearch.target");
    assertThat(findings.refusals().toString())
        .contains("dedicated cluster at 127.0.0.1:1", "remedy=Check that it")
        .doesNotContain("API key");
  }

  private PlanFindings plan(List<ElasticsearchSpec.Index> indices) {
    return planner.plan(
        index.context(TestJournal.newMigrationId(), indices, dedicated.url()),
        ProgressMonitor.unmonitored());
  }

  private static ElasticsearchSpec.Index move(String from, String to, String tenantField) {
    return new ElasticsearchSpec.Index(from, to, tenantField);
  }
}

package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class IndexCopyIT extends IndexLab {

  private static final Logger log = LoggerFactory.getLogger(IndexCopyIT.class);

  @Test
  void documentsKeepTheirIdRoutingVersionAndEveryByte() {
    String odd =
        "{ \"amount\" : 9007199254740993,\"ratio\":0.10,  \"tenant_id\":\"acme-tenant-id\","
            + "\"open\":{\"exact\":123456789012345678901234567890.1234567890,\"e\":1E+2,"
            + "\"text\":\"tab\\t \\u00e9 é 😀 \\/ \\n\"},"
            + "\"comments\":[{\"author\":\"a\",\"text\":\"x\"},{\"author\":\"b\",\"text\":\"y\"}]}";
    shared.put("/%s/_doc/odd%%20id%%2F1?routing=r%%201".formatted(index.from()), odd);
    shared.put("/%s/_doc/odd%%20id%%2F1?routing=r%%201".formatted(index.from()), odd);
    shared.put("/%s/_doc/v?version=77&version_type=external".formatted(index.from()), odd);
    shared.put(
        "/%s/_doc/lines".formatted(index.from()),
        "{\n  \"tenant_id\" : \"acme-tenant-id\",\r\n  \"title\" : \"Two\"\n}\n");
    shared.put("/%s/_doc/foreign".formatted(index.from()), "{\"tenant_id\":\"globex-tenant-id\"}");

    provisioner.provision(context, MONITOR);
    var summary = copier.copy(context, MONITOR);

    assertThat(summary.elasticsearch().indices()).singleElement().matches(i -> i.documents() == 3);
    assertThat(dedicated.count(index.to())).isEqualTo(3);
    JsonNode routed = dedicated.get("/%s/_doc/odd%%20id%%2F1?routing=r%%201".formatted(index.to()));
    assertThat(routed.path("_version").asLong()).isEqualTo(2);
    assertThat(routed.path("_routing").asText()).isEqualTo("r 1");
    assertThat(dedicated.get("/" + index.to() + "/_doc/v").path("_version").asLong()).isEqualTo(77);
    assertThat(dedicated.source(index.to(), "v")).isEqualTo(odd);
    assertThat(dedicated.source(index.to(), "lines"))
        .isEqualTo("{\n  \"tenant_id\" : \"acme-tenant-id\",\r\n  \"title\" : \"Two\"\n}");
    Finding finding = comparison.compare(context, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(3);
  }

  @Test
  void theProgressIsThatOfAllIndicesTogether() {
    index.fill(30);
    SharedIndex second = SharedIndex.create(shared, dedicated);
    second.fill(20);
    MigrationContext both =
        index.context(
            migrationId,
            List.of(
                new ElasticsearchSpec.Index(index.from(), index.to(), "tenant_id"),
                new ElasticsearchSpec.Index(second.from(), second.to(), "tenant_id")),
            dedicated.url());
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    provisioner.provision(both, MONITOR);

    copier.copy(both, monitor);

    assertThat(monitor.latest().doing()).isEqualTo(second.to());
    assertThat(monitor.latest().total()).isEqualTo(50);
    // two slices may tell of their pages in the other order
    assertThat(monitor.latest().done()).isGreaterThan(30);
  }

  @Test
  void theIndexIsMadeFromTheSharedOnesSettingsAndMappings() {
    index.fill(30);
    shared.put("/_ingest/pipeline/stamp", "{\"processors\":[]}");
    dedicated.put("/_ingest/pipeline/stamp", "{\"processors\":[]}");
    shared.put("/%s/_settings".formatted(index.from()), "{\"default_pipeline\":\"stamp\"}");
    shared.post(
        "/_aliases",
        """
        {"actions": [
          {"add": {"index": "%1$s", "alias": "%1$s-all"}},
          {"add": {"index": "%1$s", "alias": "%1$s-acme",
                   "filter": {"term": {"tenant_id": "acme-tenant-id"}}}},
          {"add": {"index": "%1$s", "alias": "%1$s-globex",
                   "filter": {"term": {"tenant_id": "globex-tenant-id"}}}}]}
        """
            .formatted(index.from()));

    provisioner.provision(context, MONITOR);
    JsonNode loading = describe(index.to()).path("settings").path("index");
    copier.copy(context, MONITOR);

    JsonNode made = describe(index.to());
    JsonNode settings = made.path("settings").path("index");
    JsonNode original = shared.get("/" + index.from()).path(index.from());
    assertThat(loading.path("refresh_interval").asText()).isEqualTo("-1");
    assertThat(loading.path("number_of_replicas").asText()).isEqualTo("0");
    assertThat(loading.path("default_pipeline").asText()).isEqualTo("_none");
    assertThat(settings.path("refresh_interval").asText()).isEqualTo("7s");
    assertThat(settings.path("number_of_replicas").asText()).isEqualTo("1");
    assertThat(settings.path("default_pipeline").asText()).isEqualTo("stamp");
    assertThat(settings.path("number_of_shards").asText()).isEqualTo("3");
    assertThat(settings.path("analysis"))
        .isEqualTo(original.path("settings").path("index").path("analysis"));
    assertThat(made.path("mappings").path("properties"))
        .isEqualTo(original.path("mappings").path("properties"));
    assertThat(made.path("mappings").path("dynamic").asText()).isEqualTo("strict");
    assertThat(made.path("mappings").path("_meta").path("owner").asText()).isEqualTo("search");
    assertThat(made.path("mappings").path("_meta").path("tenant_migration").asText())
        .isEqualTo(migrationId);
    assertThat(made.path("aliases").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            index.from() + "-all",
            index.from() + "-acme",
            index.to() + "-migration-" + migrationId + "-copied-30");

    remover.removeWriteAliases(context, MONITOR);
    remover.removeWriteAliases(context, MONITOR);
    assertThat(describe(index.to()).path("aliases").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(index.from() + "-all", index.from() + "-acme");
  }

  @Test
  void aCopyStopsSoonAfterACancelAndStartsOverInItsNextAttempt() {
    index.fill(20_000);
    provisioner.provision(context, MONITOR);
    CancellableMonitor cancelling = CancellableMonitor.cancellingAfter(2_000);

    assertThatThrownBy(() -> copier.copy(context, cancelling))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
    assertThat(cancelling.millisSinceCancel()).isLessThan(CancellableMonitor.SOON_MILLIS);
    assertThat(dedicated.count(index.to())).isBetween(1L, 19_999L);

    long began = System.nanoTime();
    var summary = copier.copy(context, MONITOR);
    long copied = System.nanoTime();
    Finding finding = comparison.compare(context, MONITOR);
    log.info(
        "copied {} ms, compared {} ms",
        (copied - began) / 1_000_000,
        (System.nanoTime() - copied) / 1_000_000);

    assertThat(summary.elasticsearch().indices())
        .singleElement()
        .matches(i -> i.documents() == 20_000);
    assertThat(dedicated.count(index.to())).isEqualTo(20_000);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(20_000);
  }

  @Test
  void largeDocumentsAreReadInPagesThatFitIntoMemory() {
    String filler = "x".repeat(1_100_000);
    for (int i = 0; i < 40; i++) {
      shared.put(
          "/%s/_doc/large-%d".formatted(index.from(), i),
          "{\"tenant_id\":\"acme-tenant-id\",\"open\":{\"filler\":\"%s\"}}".formatted(filler));
    }

    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);

    Finding finding = comparison.compare(context, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(40);
  }

  private JsonNode describe(String name) {
    return dedicated.get("/" + name).path(name);
  }
}

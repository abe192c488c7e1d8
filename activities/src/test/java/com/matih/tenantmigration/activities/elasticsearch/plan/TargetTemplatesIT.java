package com.matih.tenantmigration.activities.elasticsearch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.SharedIndex;
import com.matih.tenantmigration.activities.elasticsearch.TestCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What of the dedicated cluster would change an index, and which shared indices cannot be moved.
 */
class TargetTemplatesIT {

  private final TestCluster shared = new TestCluster(TestServers.elasticsearch());
  private final TestCluster dedicated = new TestCluster(TestServers.dedicatedElasticsearch());
  private final SharedIndex index = SharedIndex.create(shared, dedicated);
  private final String template = index.to() + "-template";

  @BeforeEach
  void fill() {
    index.fill(3);
    shared.post("/" + index.from() + "/_refresh", "");
  }

  @AfterEach
  void deleteTemplates() {
    dedicated.exchange("DELETE", "/_index_template/" + template, "");
    dedicated.exchange("DELETE", "/_template/" + template, "");
  }

  @Test
  void aTemplateThatWouldChangeTheIndexIsRefused() {
    putTemplate(
        500,
        """
        {"settings": {"number_of_replicas": 3, "index.codec": "best_compression",
                      "index.priority": 7},
         "mappings": {"dynamic": "false", "properties": {"extra": {"type": "keyword"},
                      "amount": {"type": "long"}}},
         "aliases": {"everybody": {}}}
        """);
    dedicated.put(
        "/_index_template/%s-less".formatted(template),
        "{\"index_patterns\":[\"%s*\"],\"priority\":1,\"template\":{\"aliases\":{\"less\":{}}}}"
            .formatted(index.to()));

    PlanFindings findings = plan();
    dedicated.delete("/_index_template/%s-less".formatted(template));

    assertThat(findings.refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "The dedicated cluster's index template %s would change the new index: dynamic, properties.extra, alias everybody, index.codec."
                .formatted(template));
    assertThat(findings.warnings())
        .extracting(Warning::message)
        .containsExactly(
            "The dedicated cluster's template %s gives the new index index.priority."
                .formatted(template));
  }

  @Test
  void anIndexThatTheClusterWouldNotCreateIsRefusedAndNothingIsLeft() {
    shared.put("/%s/_settings".formatted(index.from()), "{\"index.mapping.total_fields.limit\":3}");

    assertThat(plan().refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.to());
              assertThat(refusal.reason())
                  .startsWith(
                      "The dedicated cluster does not take the settings and mappings of the shared index "
                          + index.from())
                  .contains("Limit of total fields [3] has been exceeded");
            });
    assertThat(dedicated.exists(index.to())).isFalse();
    assertThat(dedicated.exchange("GET", "/_index_template", "").body()).doesNotContain(index.to());
  }

  @Test
  void anIndexWhoseRoutingLeadsToSeveralShardsIsTaken() {
    String routed = index.from() + "-routed";
    shared.put(
        "/" + routed,
        """
        {"settings": {"number_of_shards": 4, "routing_partition_size": 3},
         "mappings": {"_routing": {"required": true}, "properties": {"tenant_id": {"type": "keyword"}}}}
        """);

    assertThat(plan(routed).refusals()).isEmpty();
  }

  @Test
  void anExistingIndexThatAllowsFewerFieldsThanTheSharedOneHasIsRefused() {
    dedicated.put(
        "/" + index.to(),
        """
        {"settings": {"index": {"mapping.total_fields.limit": 4,
                                "analysis": {"analyzer": {"folded": {"type": "standard"}}}}},
         "mappings": {"properties": {"tenant_id": {"type": "keyword"}}}}
        """);

    assertThat(plan().refusals())
        .extracting(Refusal::reason)
        .singleElement()
        .asString()
        .contains(
            "exists on the dedicated cluster, and does not take the mapping of the shared index",
            "Limit of total fields [4] has been exceeded");
  }

  @Test
  void aNameThatIsTooLongForTheAliasesOfTheMigrationIsRefused() {
    List<ElasticsearchSpec.Index> longest =
        List.of(new ElasticsearchSpec.Index(index.from(), "x".repeat(205), "tenant_id"));
    assertThat(plan(longest).refusals()).isEmpty();

    assertThat(
            plan(List.of(new ElasticsearchSpec.Index(index.from(), "x".repeat(206), "tenant_id")))
                .refusals())
        .extracting(Refusal::reason)
        .singleElement()
        .asString()
        .contains("leave 205 bytes for it");
  }

  @Test
  void aNameThatIsAnAliasOfAnotherIndexThatMovesIsRefused() {
    SharedIndex second = SharedIndex.create(shared, dedicated);
    String alias = index.from() + "-all";
    shared.post(
        "/_aliases",
        "{\"actions\":[{\"add\":{\"indices\":[\"%s\",\"%s\"],\"alias\":\"%s\"}}]}"
            .formatted(index.from(), second.from(), alias));

    assertThat(
            plan(List.of(
                    new ElasticsearchSpec.Index(index.from(), alias, "tenant_id"),
                    new ElasticsearchSpec.Index(second.from(), second.to(), "tenant_id")))
                .refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(alias);
              assertThat(refusal.reason())
                  .contains("also an alias of the shared index " + second.from());
            });
    assertThat(
            plan(List.of(new ElasticsearchSpec.Index(index.from(), alias, "tenant_id"))).refusals())
        .isEmpty();
  }

  @Test
  void anExistingIndexOfWhichAShardIsMissingIsNotTakenForEmpty() {
    dedicated.put(
        "/%s?wait_for_active_shards=0".formatted(index.to()),
        """
        {"settings": {"number_of_shards": 2, "number_of_replicas": 0,
                      "index.routing.allocation.total_shards_per_node": 1}}
        """);

    assertThat(plan().refusals())
        .extracting(Refusal::reason)
        .singleElement()
        .asString()
        .contains("did not count the documents of index " + index.to());
    dedicated.delete("/" + index.to());
  }

  @Test
  void aTemplateThatChangesNothingIsFine() {
    putTemplate(
        500,
        """
        {"settings": {"number_of_replicas": 3, "refresh_interval": "1s"},
         "mappings": {"properties": {"amount": {"type": "long"}}}}
        """);

    PlanFindings findings = plan();

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings()).isEmpty();
  }

  @Test
  void aLegacyTemplateIsRefusedAndOneForOtherNamesIsNot() {
    dedicated.put(
        "/_template/" + template,
        "{\"index_patterns\":[\"x-*\",\"%s-*\"],\"mappings\":{\"dynamic\":false}}"
            .formatted(index.to()));
    assertThat(plan().refusals()).isEmpty();

    dedicated.put(
        "/_template/" + template,
        "{\"index_patterns\":[\"d*%s\"],\"mappings\":{\"dynamic\":false}}"
            .formatted(index.to().substring(3)));
    assertThat(plan().refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "The dedicated cluster's index template %s would change the new index: dynamic."
                .formatted(template));
  }

  @Test
  void aTemplateOfDataStreamsIsRefused() {
    dedicated.put(
        "/_index_template/" + template,
        "{\"index_patterns\":[\"%s\"],\"priority\":500,\"data_stream\":{}}".formatted(index.to()));

    assertThat(plan().refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "The dedicated cluster's index template %s allows data streams of that name only."
                .formatted(template));
  }

  @Test
  void anExistingIndexWithAnotherMappingIsRefusedAndItsAliasesAreTold() {
    shared.post(
        "/_aliases",
        "{\"actions\":[{\"add\":{\"index\":\"%1$s\",\"alias\":\"%1$s-all\"}}]}"
            .formatted(index.from()));
    dedicated.put(
        "/" + index.to(),
        "{\"mappings\":{\"properties\":{\"amount\":{\"type\":\"keyword\"},\"ratio\":{\"type\":\"double\"}}}}");

    PlanFindings findings = plan();

    assertThat(findings.refusals())
        .extracting(Refusal::reason)
        .containsExactly(
            "The index exists on the dedicated cluster, and its mapping differs from the shared index': properties.amount.type.",
            "The index exists on the dedicated cluster, and its settings lack what the shared index' documents or mapping need: the analyzer folded.");
    assertThat(findings.warnings()).extracting(Warning::object).contains(index.from() + "-all");
  }

  @Test
  void anAliasThatHidesDocumentsCannotStandForItsIndex() {
    shared.post(
        "/_aliases",
        """
        {"actions": [
          {"add": {"index": "%1$s", "alias": "%1$s-few", "filter": {"range": {"amount": {"gt": 1}}}}},
          {"add": {"index": "%1$s", "alias": "%1$s-ours",
                   "filter": {"term": {"tenant_id": "acme-tenant-id"}}}}]}
        """
            .formatted(index.from()));

    assertThat(plan(index.from() + "-ours").refusals()).isEmpty();
    assertThat(plan(index.from() + "-few").refusals())
        .extracting(Refusal::object)
        .containsExactly(index.from() + "-few");
  }

  @Test
  void anIndexWithoutSourcesOrReadsIsRefusedByName() {
    String disabled = index.from() + "-disabled";
    shared.put(
        "/" + disabled,
        "{\"mappings\":{\"_source\":{\"mode\":\"disabled\"},\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    assertThat(plan(disabled).refusals())
        .extracting(Refusal::reason)
        .containsExactly("The index does not keep its documents' sources (_source is disabled).");

    shared.put("/%s/_settings".formatted(index.from()), "{\"index.blocks.read\":true}");
    assertThat(plan().refusals())
        .extracting(Refusal::reason)
        .containsExactly("The index accepts no reads: index.blocks.read is set.");

    shared.put("/%s/_settings".formatted(index.from()), "{\"index.blocks.read\":null}");
    shared.put("/%s/_settings".formatted(index.from()), "{\"index.blocks.read_only\":true}");
    PlanFindings readOnly = plan();
    assertThat(readOnly.refusals()).isEmpty();
    assertThat(readOnly.warnings())
        .extracting(Warning::message)
        .containsExactly(
            "Its setting index.blocks.read_only is not migrated: the dedicated index accepts writes.");
  }

  @ParameterizedTest
  @CsvSource({
    "7.17.29, , 0, 0",
    "8.19.21, , 0, 0",
    "9.2.0, , 0, 0",
    "9.4.0-SNAPSHOT, , 0, 0",
    "10.0.0, , 0, 1",
    "7.16.3, , 1, 0",
    "6.8.23, , 1, 0",
    "2.19.0, opensearch, 1, 0"
  })
  void versionsThatAreNotSupportedAreRefused(
      String number, String distribution, int refusals, int warnings) {
    PlanNotes notes = new PlanNotes(StoreName.ELASTICSEARCH);
    String version =
        distribution == null
            ? "{\"number\":\"%s\"}".formatted(number)
            : "{\"number\":\"%s\",\"distribution\":\"%s\"}".formatted(number, distribution);

    ServerVersion.judge(
        "shared cluster", Json.parse(version.getBytes(StandardCharsets.UTF_8)), notes);

    assertThat(notes.refusals()).hasSize(refusals);
    assertThat(notes.warnings()).hasSize(warnings);
  }

  private void putTemplate(int priority, String content) {
    dedicated.put(
        "/_index_template/" + template,
        "{\"index_patterns\":[\"%s\"],\"priority\":%d,\"template\":%s}"
            .formatted(index.to(), priority, content));
  }

  private PlanFindings plan() {
    return plan(index.from());
  }

  private PlanFindings plan(String from) {
    return plan(List.of(new ElasticsearchSpec.Index(from, index.to(), "tenant_id")));
  }

  private PlanFindings plan(List<ElasticsearchSpec.Index> indices) {
    return new IndexPlanner(new ElasticsearchClients(TestSecrets.of(name -> null)))
        .plan(
            index.context(TestJournal.newMigrationId(), indices, dedicated.url()),
            ProgressMonitor.unmonitored());
  }
}

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
    return new IndexPlanner(new ElasticsearchClients(TestSecrets.of(name -> null)))
        .plan(
            index.context(
                TestJournal.newMigrationId(),
                List.of(new ElasticsearchSpec.Index(from, index.to(), "tenant_id")),
                dedicated.url()),
            ProgressMonitor.unmonitored());
  }
}

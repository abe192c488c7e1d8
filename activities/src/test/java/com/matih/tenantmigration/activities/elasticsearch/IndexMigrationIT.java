package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class IndexMigrationIT {

  private static final Logger log = LoggerFactory.getLogger(IndexMigrationIT.class);
  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();

  private final TestCluster shared = new TestCluster(TestServers.elasticsearch());
  private final TestCluster dedicated = new TestCluster(TestServers.dedicatedElasticsearch());
  private final SecretResolver secrets = new SecretResolver(name -> null);
  private final ElasticsearchClients clients = new ElasticsearchClients(secrets);
  private final MigrationJournal journal = TestJournal.create();
  private final IndexProvisioner provisioner = new IndexProvisioner(clients, journal);
  private final IndexCopier copier = new IndexCopier(clients, journal);
  private final IndexRemover remover = new IndexRemover(clients, journal);
  private final DocumentComparison comparison = new DocumentComparison(secrets);
  private final String migrationId = TestJournal.newMigrationId();
  private SharedIndex index;
  private MigrationContext context;

  @BeforeEach
  void createSharedIndex() {
    index = SharedIndex.create(shared, dedicated);
    context = index.context(migrationId);
  }

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
        .isEqualTo("{   \"tenant_id\" : \"acme-tenant-id\",    \"title\" : \"Two\" }");
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
            index.to() + "-migration-" + migrationId);

    remover.removeWriteAliases(context, MONITOR);
    remover.removeWriteAliases(context, MONITOR);
    assertThat(describe(index.to()).path("aliases").has(index.to() + "-migration-" + migrationId))
        .isFalse();
  }

  @Test
  void aCopyStopsWithinASecondOfACancelAndStartsOverInItsNextAttempt() {
    index.fill(20_000);
    provisioner.provision(context, MONITOR);
    CancellableMonitor cancelling = CancellableMonitor.cancellingAfter(2_000);

    assertThatThrownBy(() -> copier.copy(context, cancelling))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
    assertThat(cancelling.millisSinceCancel()).isLessThan(1_500);
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
  void aClusterThatIsBusyForAMomentIsWaitedFor() {
    index.fill(3_000);
    provisioner.provision(context, MONITOR);
    String settings = "/" + index.to() + "/_settings";
    BusyMoment busy =
        new BusyMoment(
            () -> dedicated.put(settings, "{\"index.blocks.read_only_allow_delete\": true}"),
            () -> dedicated.put(settings, "{\"index.blocks.read_only_allow_delete\": null}"));

    copier.copy(context, busy);

    assertThat(busy.isOver()).isTrue();
    assertThat(dedicated.count(index.to())).isEqualTo(3_000);
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

  @Test
  void aLateWriterCannotCreateADroppedIndexAgain() {
    index.fill(500);
    provisioner.provision(context, MONITOR);

    RollbackStep step = remover.deleteIndices(context, MONITOR);

    assertThat(step.status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(dedicated.exists(index.to())).isFalse();
    try (SearchCluster source = clients.shared(context.request().elasticsearch(), MONITOR);
        SearchCluster target = clients.dedicated(context.request().elasticsearch(), MONITOR)) {
      Indices.refresh(source, index.from());
      try (PointInTime pointInTime = PointInTime.open(source, index.from())) {
        HitPage page =
            new DocumentReader(pointInTime, Queries.everything(), true).next().orElseThrow();
        String alias = ElasticsearchNames.writeAlias(index.to(), migrationId);
        BulkWriter late = BulkWriter.indexing(target, index.to(), alias, MONITOR);

        assertThatThrownBy(() -> late.write(page.hits()))
            .isInstanceOf(MigrationException.class)
            .hasMessageContaining("being undone")
            .extracting("type")
            .isEqualTo(FailureType.WRITER_SUPERSEDED);
        assertThat(dedicated.exists(alias)).isFalse();
      }
    }
    assertThat(dedicated.exists(index.to())).isFalse();
    assertThat(remover.deleteIndices(context, MONITOR).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
  }

  @Test
  void anIndexWithDocumentsIsRefusedAndARollbackLeavesItAlone() {
    index.fill(10);
    dedicated.put("/%s/_doc/theirs".formatted(index.to()), "{\"a\":1}");

    assertThatThrownBy(() -> provisioner.provision(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
    RollbackStep step = remover.deleteIndices(context, MONITOR);

    assertThat(step.status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(step.message()).contains("index %s is not this migration's".formatted(index.to()));
    assertThat(dedicated.source(index.to(), "theirs")).isEqualTo("{\"a\":1}");
  }

  @Test
  void anIndexThatTookOurNameAfterTheIntentIsLeft() {
    index.fill(10);
    journal.intend(migrationId, "elasticsearch", index.to());
    dedicated.put("/%s/_doc/theirs".formatted(index.to()), "{\"a\":1}");

    assertThat(remover.deleteIndices(context, MONITOR).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(dedicated.count(index.to())).isEqualTo(1);
  }

  @Test
  void anEmptyIndexThatWasThereIsEmptiedNotDroppedAndCanBeMigratedIntoAtOnce() {
    index.fill(300);
    shared.put(
        "/%s/_doc/v?version=9&version_type=external".formatted(index.from()),
        "{\"tenant_id\":\"acme-tenant-id\"}");
    dedicated.put(
        "/" + index.to(),
        """
        {"settings": {"index": {"number_of_replicas": 0, "refresh_interval": "11s",
           "analysis": {"analyzer": {"folded": {"type": "standard"}}}}},
         "mappings": {"_meta": {"theirs": true}}}
        """);

    provisioner.provision(context, MONITOR);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    assertThat(dedicated.count(index.to())).isEqualTo(301);
    RollbackStep step = remover.deleteIndices(context, MONITOR);

    assertThat(step.message()).contains("emptied of 301 documents");
    assertThat(dedicated.count(index.to())).isZero();
    JsonNode left = describe(index.to());
    assertThat(left.path("settings").path("index").path("refresh_interval").asText())
        .isEqualTo("11s");
    assertThat(left.path("mappings").path("_meta").path("theirs").asBoolean()).isTrue();
    assertThat(left.path("aliases").isEmpty()).isTrue();

    MigrationContext second = index.context(TestJournal.newMigrationId());
    provisioner.provision(second, MONITOR);
    copier.copy(second, MONITOR);
    assertThat(comparison.compare(second, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void aDocumentThatSomebodyChangedOnTheTargetStopsTheCopyByName() {
    index.fill(20);
    provisioner.provision(context, MONITOR);
    dedicated.put(
        "/%s/_doc/doc-7?version=50&version_type=external".formatted(index.to()),
        "{\"tenant_id\":\"acme-tenant-id\"}");

    assertThatThrownBy(() -> copier.copy(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("doc-7")
        .hasMessageContaining("higher version")
        .extracting("type")
        .isEqualTo(FailureType.CONTENT_MISMATCH);
  }

  @Test
  void changedMissingAndExtraDocumentsAreFoundByName() {
    index.fill(200);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    String doc = "/" + index.to() + "/_doc/";
    dedicated.put(doc + "doc-3", dedicated.source(index.to(), "doc-3"));
    dedicated.put(
        doc + "doc-4?version=1&version_type=external_gte",
        dedicated.source(index.to(), "doc-4").replace("\"amount\":4", "\"amount\":4.0"));
    dedicated.delete(doc + "doc-5");
    dedicated.put(doc + "extra", "{\"tenant_id\":\"acme-tenant-id\"}");

    Finding finding = comparison.compare(context, MONITOR);

    assertThat(finding.comparedCount()).isEqualTo(200);
    assertThat(finding.namedMismatches())
        .containsExactlyInAnyOrder(
            "document %s/doc-3 has version 2 instead of 1".formatted(index.to()),
            "document %s/doc-4 has another content".formatted(index.to()),
            "document %s/doc-5 is missing".formatted(index.to()),
            "document %s/extra is not among the tenant's documents of the shared index"
                .formatted(index.to()));
  }

  @Test
  void documentsOfAnotherTenantOrOfNoneAreLeaks() {
    index.fill(50);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    ElasticsearchTenantLeak leak = new ElasticsearchTenantLeak(secrets);
    Finding clean = leak.findForeign(context, MONITOR);
    dedicated.put(
        "/%s/_doc/foreign-0".formatted(index.to()), "{\"tenant_id\":\"globex-tenant-id\"}");
    dedicated.put("/%s/_doc/nobody".formatted(index.to()), "{\"title\":\"whose?\"}");

    assertThat(clean.mismatchCount()).isZero();
    assertThat(clean.comparedCount()).isEqualTo(50);
    assertThat(leak.findForeign(context, MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "elasticsearch document %s/foreign-0 is not the tenant's".formatted(index.to()),
            "elasticsearch document %s/nobody is not the tenant's".formatted(index.to()));
  }

  @Test
  void aLateWriteOnTheSharedSideIsNoticedAndANeighboursIsNot() {
    index.fill(200);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    ElasticsearchSourceQuiet quiet = new ElasticsearchSourceQuiet(secrets, journal);

    shared.put(
        "/%s/_doc/foreign-0".formatted(index.from()), "{\"tenant_id\":\"globex-tenant-id\"}");
    Finding undisturbed = quiet.findWrites(context, MONITOR);
    assertThat(undisturbed.namedMismatches()).isEmpty();
    assertThat(undisturbed.comparedCount()).isEqualTo(200);

    for (int i = 0; i < 3; i++) {
      shared.put(
          "/%s/_doc/doc-%d".formatted(index.from(), i), "{\"tenant_id\":\"acme-tenant-id\"}");
      assertThat(quiet.findWrites(context, MONITOR).namedMismatches())
          .containsExactly(
              "elasticsearch index %s: documents of the tenant were written since the copy began"
                  .formatted(index.from()));
    }
    shared.delete("/%s/_doc/doc-9".formatted(index.from()));
    assertThat(quiet.findWrites(context, MONITOR).namedMismatches())
        .containsExactly(
            "elasticsearch index %s: the tenant had 200 documents and has 199"
                .formatted(index.from()));
  }

  @Test
  void noDocumentsOnEitherSideIsNothingToCompare() {
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);

    assertThat(comparison.compare(context, MONITOR).isNotApplicable()).isTrue();
    assertThat(new ElasticsearchTenantLeak(secrets).findForeign(context, MONITOR).isNotApplicable())
        .isTrue();
    assertThat(
            new ElasticsearchSourceQuiet(secrets, journal)
                .findWrites(context, MONITOR)
                .isNotApplicable())
        .isTrue();
    assertThat(List.of(dedicated.count(index.to()))).containsExactly(0L);
  }

  private JsonNode describe(String name) {
    return dedicated.get("/" + name).path(name);
  }
}

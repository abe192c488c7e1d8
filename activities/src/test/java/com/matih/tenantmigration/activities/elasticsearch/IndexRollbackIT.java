package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.BulkWriter;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.HitPage;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import org.junit.jupiter.api.Test;

class IndexRollbackIT extends IndexLab {

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
            .hasMessageContaining("being removed")
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
  void theIndexOfALiveTenantIsNotDeleted() {
    index.fill(10);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    long documents = dedicated.count(index.to());
    guard.permit(0);

    assertLive();
    guard.permit(1);
    assertLive();

    assertThat(dedicated.count(index.to())).isEqualTo(documents).isPositive();
  }

  @Test
  void theIndexOfALiveTenantThatWasThereBeforeIsNotEmptied() {
    index.fill(10);
    index.prepareTarget("11s");
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    long documents = dedicated.count(index.to());
    guard.permit(1);

    assertLive();

    assertThat(dedicated.count(index.to())).isEqualTo(documents).isPositive();
  }

  @Test
  void eachPartOfAnUndoingIsProvenAnew() {
    index.fill(10);
    index.prepareTarget("11s");
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    // its alias and its documents, and nothing more
    guard.permit(2);

    assertLive();

    assertThat(dedicated.count(index.to())).isZero();
  }

  @Test
  void anIndexThatTookThePlaceOfOneThatWasThereBeforeIsLeft() {
    index.fill(10);
    index.prepareTarget("11s");
    provisioner.provision(context, MONITOR);
    dedicated.delete("/" + index.to());
    dedicated.put("/%s/_doc/theirs".formatted(index.to()), "{\"a\":1}");

    assertThat(remover.deleteIndices(context, MONITOR).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(dedicated.source(index.to(), "theirs")).isEqualTo("{\"a\":1}");
  }

  private void assertLive() {
    assertThatThrownBy(() -> remover.deleteIndices(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TENANT_IS_LIVE);
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
    index.prepareTarget("11s");

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
  void anAttemptThatComesAfterTheRollbackCreatesAndChangesNoIndex() {
    index.fill(10);
    remover.deleteIndices(context, MONITOR);

    assertProvisioningHasEnded();
    assertThat(dedicated.exists(index.to())).isFalse();

    index.prepareTarget("11s");
    JsonNode before = describe(index.to());
    assertProvisioningHasEnded();
    assertThat(describe(index.to())).isEqualTo(before);
  }

  private void assertProvisioningHasEnded() {
    assertThatThrownBy(() -> provisioner.provision(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
  }

  @Test
  void anIndexThatAnEarlierMigrationLeftBehindIsRefusedByName() {
    index.fill(10);
    provisioner.provision(context, MONITOR);

    assertLeftBehindIsRefused();
  }

  @Test
  void anIndexThatAnEarlierMigrationStillHasInUseIsRefusedByName() {
    index.fill(10);
    index.prepareTarget("11s");
    provisioner.provision(context, MONITOR);

    assertLeftBehindIsRefused();
  }

  private void assertLeftBehindIsRefused() {
    MigrationContext second = index.context(TestJournal.newMigrationId());

    assertThat(new IndexPlanner(clients).plan(second, MONITOR).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.to());
              assertThat(refusal.reason())
                  .endsWith("belongs to migration %s.".formatted(migrationId));
              assertThat(refusal.remedy()).startsWith("Choose another name");
            });
    assertThatThrownBy(() -> provisioner.provision(second, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("belongs to migration " + migrationId)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
    assertThat(remover.deleteIndices(second, MONITOR).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals()).isEmpty();
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

  private JsonNode describe(String name) {
    return dedicated.get("/" + name).path(name);
  }
}

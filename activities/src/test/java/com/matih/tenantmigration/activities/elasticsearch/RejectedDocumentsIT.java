package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dedicated cluster refuses for good ends the copy at once, with the documents by id. */
class RejectedDocumentsIT extends IndexLab {

  @Test
  void aDocumentThatCannotBeIndexedIsNamedWithItsFieldAndNotItsValue() {
    // the shared index takes a field that it does not know, the dedicated one knows it better
    shared.put("/" + index.from() + "/_mapping", "{\"dynamic\":false}");
    dedicated.put(
        "/" + index.to(),
        "{\"settings\":{\"analysis\":{\"analyzer\":{\"folded\":{\"type\":\"standard\"}}}},"
            + "\"mappings\":{\"properties\":{\"extra\":{\"type\":\"integer\"}}}}");
    provisioner.provision(context, MONITOR);
    shared.put(
        "/%s/_doc/odd-1?refresh=true".formatted(index.from()),
        "{\"tenant_id\":\"acme-tenant-id\",\"extra\":\"jane\"}");

    MigrationException failure = failure();

    assertThat(failure.type()).isEqualTo(FailureType.NOT_MOVABLE);
    assertThat(failure)
        .hasMessageContaining("odd-1")
        .hasMessageContaining("[extra]")
        .hasMessageContaining("index " + index.to())
        .hasMessageNotContaining("jane");
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "read_only_allow_delete"})
  void aBlockedIndexEndsTheCopyAtOnce(String block) {
    index.fill(5);
    provisioner.provision(context, MONITOR);
    block(block, "true");

    MigrationException failure = failure();

    assertThat(failure.type()).isEqualTo(FailureType.STORE_BLOCKED);
    assertThat(failure).hasMessageContaining(index.to()).hasMessageContaining("remove the block");
    block(block, "null");
  }

  @Test
  void aBlockedIndexIsRefusedByThePlan() {
    index.fill(5);
    dedicated.put("/" + index.to(), "{}");
    block("write", "true");

    assertThat(new IndexPlanner(clients).plan(context, MONITOR).refusals())
        .extracting(Refusal::object, Refusal::reason)
        .singleElement()
        .satisfies(
            refusal ->
                assertThat(refusal.toString())
                    .contains(index.to(), "accepts no writes: index.blocks.write is set"));
    block("write", "null");
  }

  private void block(String block, String value) {
    dedicated.put(
        "/%s/_settings".formatted(index.to()), "{\"index.blocks.%s\":%s}".formatted(block, value));
  }

  private MigrationException failure() {
    return catchThrowableOfType(MigrationException.class, () -> copier.copy(context, MONITOR));
  }
}

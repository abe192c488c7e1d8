package com.matih.tenantmigration.workflow.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.migration.MigrationHarness;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanWarningsTest {

  private static final MigrationContext CONTEXT =
      new MigrationContext(
          "3f9a1c2b4d5e",
          "tenant-migration-acme",
          "run",
          MigrationHarness.request(Approval.AUTOMATIC));

  private static List<Warning> warnings(StoresSummary planned) {
    return Store.of(CONTEXT).stream()
        .flatMap(store -> store.planWarnings(planned).stream())
        .toList();
  }

  @Test
  void numbersThatAreNotTheTenantsOwnAreNamed() {
    StoresSummary counted =
        StoresSummary.of(
                new StoresSummary.Kafka(List.of(new StoresSummary.Topic("query-events", 9)), 0))
            .with(StoresSummary.of(new StoresSummary.Redis(3)));

    assertThat(warnings(counted))
        .extracting(Warning::message)
        .satisfiesExactly(
            records -> assertThat(records).contains("including other tenants", "upper bound"),
            keys -> assertThat(keys).contains("the loaders decide"));
  }

  @Test
  void whatWasNotCountedNeedsNoExplanation() {
    assertThat(warnings(StoresSummary.NONE)).isEmpty();
    assertThat(warnings(StoresSummary.of(new StoresSummary.Kafka(List.of(), 1)))).isEmpty();
  }
}

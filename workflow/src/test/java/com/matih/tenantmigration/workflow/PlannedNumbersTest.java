package com.matih.tenantmigration.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannedNumbersTest {

  private static final MigrationRequest REQUEST = MigrationHarness.request(Approval.AUTOMATIC);

  @Test
  void numbersThatAreNotTheTenantsOwnAreNamed() {
    StoresSummary counted =
        StoresSummary.of(
                new StoresSummary.Kafka(List.of(new StoresSummary.Topic("query-events", 9)), 0))
            .with(StoresSummary.of(new StoresSummary.Redis(3)));

    assertThat(PlannedNumbers.warnings(REQUEST, counted))
        .extracting(Warning::message)
        .satisfiesExactly(
            records -> assertThat(records).contains("neighbours' included", "at most"),
            keys -> assertThat(keys).contains("the loaders decide"));
  }

  @Test
  void whatWasNotCountedNeedsNoExplanation() {
    assertThat(PlannedNumbers.warnings(REQUEST, StoresSummary.NONE)).isEmpty();
    assertThat(
            PlannedNumbers.warnings(
                REQUEST, StoresSummary.of(new StoresSummary.Kafka(List.of(), 1))))
        .isEmpty();
  }
}

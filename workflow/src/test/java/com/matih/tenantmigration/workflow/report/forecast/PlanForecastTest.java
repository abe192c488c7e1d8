package com.matih.tenantmigration.workflow.report.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.migration.MigrationHarness;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlanForecastTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final MigrationRequest OFFLINE =
      MigrationHarness.request(Approval.AUTOMATIC).in(Mode.OFFLINE);
  private static final MigrationRequest ONLINE = OFFLINE.in(Mode.ONLINE);

  private static final List<StoreEstimate> ESTIMATES =
      List.of(
          StoreEstimate.of(StoreName.POSTGRES, 600, 2),
          StoreEstimate.of(StoreName.KAFKA, 900, 3),
          StoreEstimate.unknown(StoreName.ELASTICSEARCH, "It did not answer."));

  private static PlanForecast forecast(MigrationRequest request) {
    return Objects.requireNonNull(PlanForecast.of(request, ESTIMATES));
  }

  @Test
  void storesAreCopiedSideBySide() {
    assertThat(forecast(ONLINE).copy().seconds()).isEqualTo(900);
    assertThat(forecast(ONLINE).copy().stores(Phase.COPY))
        .containsOnlyKeys("postgres", "kafka")
        .containsEntry("postgres", 600.0);
  }

  @Test
  void onlineTheTenantIsReadOnlyForTheRestAlone() {
    double settle = ONLINE.settle().toMillis() / 1000.0;

    assertThat(forecast(ONLINE).readOnly().seconds()).isBetween(settle + 3, settle + 7);
    assertThat(forecast(ONLINE).readOnly().stores(Phase.DRAIN)).containsEntry("kafka", 3.0);
  }

  @Test
  void offlineForTheCopyAndTheChecksToo() {
    assertThat(forecast(OFFLINE).readOnly().seconds()).isGreaterThan(1_200);
    assertThat(forecast(OFFLINE).readOnly().parts())
        .filteredOn(part -> part.store() == null)
        .extracting(Forecast.Part::phase)
        .containsExactly(Phase.FENCE, Phase.SNAPSHOT, Phase.COPY, Phase.VERIFY, Phase.CUTOVER);
  }

  @Test
  void whatCouldNotBeMeasuredIsLeftOutWithItsReason() {
    assertThat(forecast(ONLINE).unknown())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.store()).isEqualTo("elasticsearch");
              assertThat(left.unknown()).isEqualTo("It did not answer.");
            });
    assertThat(
            PlanForecast.of(
                ONLINE, List.of(StoreEstimate.unknown(StoreName.KAFKA, "It did not answer."))))
        .isNull();
    assertThat(PlanForecast.of(ONLINE, List.of())).isNull();
  }

  @Test
  void itIsReadBackAsItWasWritten() throws JsonProcessingException {
    for (PlanForecast forecast :
        List.of(
            forecast(ONLINE),
            Objects.requireNonNull(PlanForecast.of(OFFLINE, ESTIMATES.subList(0, 2))))) {
      String written = JSON.writeValueAsString(forecast);

      assertThat(JSON.readValue(written, PlanForecast.class)).isEqualTo(forecast);
      assertThat(written).doesNotContain("NaN", "null");
    }
  }
}

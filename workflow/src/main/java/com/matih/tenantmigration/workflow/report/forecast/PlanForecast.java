package com.matih.tenantmigration.workflow.report.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How long a migration would take, as far as a plan can tell.
 *
 * @param copy how long the copy takes; its stores are copied side by side
 * @param readOnly how long the tenant could not write
 * @param unknown the stores that could not be measured, and why; they are in neither
 */
public record PlanForecast(
    Forecast copy,
    Forecast readOnly,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoreEstimate> unknown) {

  /** Checks read both sides, but write nothing. */
  private static final double CHECKS_PER_COPY = 0.8;

  @SuppressWarnings("ConstantValue") // JSON leaves out an empty list
  public PlanForecast {
    unknown = unknown == null ? List.of() : List.copyOf(unknown);
  }

  /** Of a request's stores; {@code null} where none could be measured. */
  public static @Nullable PlanForecast of(MigrationRequest request, List<StoreEstimate> estimates) {
    Map<String, Double> copies = new LinkedHashMap<>();
    Map<String, Double> drains = new LinkedHashMap<>();
    for (StoreEstimate estimate : estimates) {
      Double copySeconds = estimate.copySeconds();
      Double drainSeconds = estimate.drainSeconds();
      if (copySeconds != null && drainSeconds != null) {
        copies.put(estimate.store(), copySeconds);
        drains.put(estimate.store(), drainSeconds);
      }
    }
    if (copies.isEmpty()) {
      return null;
    }
    Forecast copy = Forecast.none().then(Phase.COPY, copies);
    Forecast readOnly =
        switch (request.mode()) {
          case ONLINE -> ReadOnlyForecast.online(request, drains, OptionalDouble.empty());
          case OFFLINE ->
              ReadOnlyForecast.offline(request, copies, copy.seconds() * CHECKS_PER_COPY);
        };
    return new PlanForecast(
        copy, readOnly, estimates.stream().filter(estimate -> estimate.unknown() != null).toList());
  }
}

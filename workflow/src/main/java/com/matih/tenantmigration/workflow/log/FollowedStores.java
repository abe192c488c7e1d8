package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.report.forecast.ReadOnlyForecast;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How the stores stood when each had last caught up, and what follows from it for the fence. */
final class FollowedStores {

  private final Map<String, Lag> lag = new TreeMap<>();
  private final Map<String, Double> drains = new TreeMap<>();

  void caughtUp(StoreName store, Followed last) {
    lag.put(store.key(), last.lag());
    drains.put(store.key(), last.drainSeconds());
  }

  /** By store. */
  Map<String, Lag> lag() {
    return Map.copyOf(lag);
  }

  /** How long the tenant is read-only; {@code null} as long as a store has not caught up. */
  @Nullable Forecast forecast(MigrationRequest request, List<PhaseTiming> phases) {
    return drains.isEmpty() ? null : ReadOnlyForecast.online(request, phases, drains).orElse(null);
  }
}

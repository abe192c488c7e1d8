package com.matih.tenantmigration.starter.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.forecast.Forecast;
import com.matih.tenantmigration.workflow.report.forecast.ReadOnlyForecast;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a migration stands, as far as it can be seen from outside.
 *
 * @param running whether Temporal says that it runs
 * @param paused whether an operator has paused it; {@code false} where no worker answers
 * @param awaitingApproval whether it waits for an approval
 * @param pointOfNoReturn whether a cancel is refused from here on
 * @param workerSilent whether no worker seems to take its work
 * @param activities what is being done
 * @param report what is known so far; {@code null} before the first phase is on record
 * @param endedFromOutside how Temporal ended it; {@code null} for one that runs or ended by itself
 */
public record LiveMigration(
    String tenant,
    boolean running,
    Phase phase,
    boolean paused,
    boolean awaitingApproval,
    boolean pointOfNoReturn,
    boolean workerSilent,
    List<ActivityProgress> activities,
    @Nullable MigrationReport report,
    @Nullable EndedFromOutside endedFromOutside) {

  /** Online, the phases in which stores are followed or were. */
  private static final Set<Phase> PREPARING =
      EnumSet.of(Phase.COPY, Phase.WARM, Phase.CATCH_UP, Phase.VERIFY, Phase.AWAITING_APPROVAL);

  /** How gently the shared side is read; {@code null} without a bound. */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable ThrottleSpec throttle() {
    return report == null ? null : report.throttle();
  }

  /** How far the dedicated side is behind, by store; empty where nothing is followed. */
  @JsonProperty
  public Map<String, Lag> lag() {
    Map<String, Lag> lags = new TreeMap<>();
    followed().forEach((store, last) -> lags.put(store, last.lag()));
    return lags;
  }

  /**
   * How long the tenant would be read-only if it were fenced now; {@code null} where that is not
   * known, and from the fence on.
   */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Forecast forecast() {
    MigrationRequest request = report == null ? null : report.request();
    if (report == null || request == null || !running || !PREPARING.contains(phase)) {
      return null;
    }
    Forecast recorded = report.forecast();
    Map<String, Double> drains = new TreeMap<>();
    if (recorded != null) {
      drains.putAll(recorded.stores(Phase.DRAIN));
    }
    followed().forEach((store, last) -> drains.put(store, last.drainSeconds()));
    return ReadOnlyForecast.online(request, report.phases(), drains).orElse(null);
  }

  private Map<String, Followed> followed() {
    Map<String, Followed> stores = new TreeMap<>();
    for (ActivityProgress activity : activities) {
      Optional<Step> step = Step.ofActivity(activity.activity());
      Optional.ofNullable(activity.progress())
          .flatMap(Progress::followed)
          .filter(last -> step.isPresent())
          .ifPresent(last -> stores.put(step.orElseThrow().store().key(), last));
    }
    return stores;
  }
}

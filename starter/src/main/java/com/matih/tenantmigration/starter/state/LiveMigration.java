package com.matih.tenantmigration.starter.state;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** How far the dedicated side is behind, by store; empty where nothing is followed. */
  @JsonProperty
  public Map<String, Lag> lag() {
    Map<String, Lag> lags = new TreeMap<>();
    for (ActivityProgress activity : activities) {
      Lag lag = activity.progress() == null ? null : activity.progress().lag();
      Optional<Step> step = Step.ofActivity(activity.activity());
      if (lag != null && step.isPresent()) {
        lags.put(step.get().store().key(), lag);
      }
    }
    return lags;
  }
}

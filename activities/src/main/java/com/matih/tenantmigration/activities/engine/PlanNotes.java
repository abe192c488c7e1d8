package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what a look at one store finds: what refuses the migration, what an operator should
 * know, and what stays behind.
 *
 * <p>A plan names every problem at once, so a part of it that fails is a refusal and the next part
 * begins.
 */
public final class PlanNotes {

  private final StoreName store;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final List<LeftBehind> leftBehind = new ArrayList<>();
  private final List<String> proposals = new ArrayList<>();
  private final List<StoreEstimate> estimates = new ArrayList<>();

  public PlanNotes(StoreName store) {
    this.store = store;
  }

  /** Notes a refusal about an object of the store. */
  public void refuse(Object object, String reason, String remedy) {
    refusals.add(new Refusal(store, object.toString(), reason, remedy));
  }

  /** Notes a refusal, also one about another store. */
  public void refuse(Refusal refusal) {
    refusals.add(refusal);
  }

  /** Notes something that an operator should know. */
  public void warn(Object object, String message) {
    warnings.add(new Warning(store, object.toString(), message));
  }

  /** Notes a warning, also one about another store. */
  public void warn(Warning warning) {
    warnings.add(warning);
  }

  /**
   * Notes what is on the shared side and does not move.
   *
   * @param count how much of it; {@link LeftBehind#UNKNOWN} where it was not counted
   * @param remedy what to do for it to move
   */
  public void leave(Object object, long count, String reason, String remedy) {
    leftBehind.add(new LeftBehind(store, object.toString(), count, reason, remedy));
  }

  /** Notes what stays behind and could not be counted. */
  public void leaveUncounted(Object object, String reason, String remedy) {
    leave(object, LeftBehind.UNKNOWN, reason, remedy);
  }

  /** Notes how long the store is expected to take. */
  public void expect(StoreEstimate estimate) {
    estimates.add(estimate);
  }

  /** Notes lines of the request for a person to paste. */
  public void propose(String lines) {
    proposals.add(lines);
  }

  /**
   * Does a part of the plan. Its failure is a refusal, unless the plan is tried again after it.
   *
   * @param object what the part is about
   * @param remedy what to do where the failure does not say it
   * @throws MigrationException where the plan was asked to stop, or of type STORE_UNREACHABLE where
   *     it is tried again
   */
  public void attempt(String object, String remedy, Runnable part) {
    try {
      part.run();
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      refuse(Refusal.of(store, object, String.valueOf(e.getMessage()), remedy));
    }
  }

  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** Everything that was noted, with what would move. */
  public PlanFindings findings(StoresSummary stores) {
    return new PlanFindings(stores, refusals, warnings, leftBehind, proposals, estimates);
  }
}

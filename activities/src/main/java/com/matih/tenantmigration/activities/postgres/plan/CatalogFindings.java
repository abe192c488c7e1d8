package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.ArrayList;
import java.util.List;

/** Collects why a database cannot be moved and what an operator should know. */
public final class CatalogFindings {

  static final String STORE = StoreName.POSTGRES.key();

  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final List<LeftBehind> leftBehind = new ArrayList<>();
  private final List<String> proposals = new ArrayList<>();

  /**
   * Notes a refusal.
   *
   * @param reason a predicate whose subject is the object, without a full stop
   */
  public void refuse(Object object, String reason, String remedy) {
    refusals.add(new Refusal(STORE, object.toString(), reason, remedy));
  }

  public void refuse(Refusal refusal) {
    refusals.add(refusal);
  }

  public void warn(Object object, String message) {
    warnings.add(new Warning(STORE, object.toString(), message));
  }

  /**
   * Notes rows that stay behind.
   *
   * @param reason a predicate whose subject is the rows, without a full stop
   */
  public void leave(Object object, long count, String reason, String remedy) {
    leftBehind.add(new LeftBehind(StoreName.POSTGRES, object.toString(), count, reason, remedy));
  }

  /** Notes rows that stay behind and could not be counted. */
  public void leaveUncounted(Object object, String reason, String remedy) {
    leave(object, LeftBehind.UNKNOWN, reason, remedy);
  }

  /** Notes a line of {@code postgres.tables} for a person to paste. */
  public void propose(String line) {
    proposals.add(line);
  }

  public List<LeftBehind> leftBehind() {
    return List.copyOf(leftBehind);
  }

  /** Lines of {@code postgres.tables}. */
  public List<String> proposals() {
    return List.copyOf(proposals);
  }

  public List<Refusal> refusals() {
    return List.copyOf(refusals);
  }

  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }
}

package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.ArrayList;
import java.util.List;

/** Collects what a look at the buckets finds. */
final class PlanNotes {

  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();

  void refuse(String object, String reason, String remedy) {
    refusals.add(new Refusal(TargetClaim.STORE, object, reason, remedy));
  }

  void refuse(String object, MigrationException e) {
    refusals.add(
        Refusal.of(
            TargetClaim.STORE, object, String.valueOf(e.getMessage()), "See the worker's log."));
  }

  void refuseSnapshot(String object, String reason, String remedy) {
    refusals.add(new Refusal(StoreName.SNAPSHOT, object, reason, remedy));
  }

  void warn(String object, String message) {
    warnings.add(new Warning(TargetClaim.STORE, object, message));
  }

  PlanFindings toFindings(StoresSummary stores) {
    return new PlanFindings(stores, refusals, warnings);
  }
}

package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.activity.RepairActivities;
import com.matih.tenantmigration.workflow.log.RepairLog;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairReport.Way;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.RepairStep;
import com.matih.tenantmigration.workflow.repair.Unfinished;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.stores.TenantConfiguration;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides whether the way of an unfinished migration leads back or forward, and goes it.
 *
 * <p>The way back is the one of a rollback, all its steps in their order: each finds by itself
 * whether something is left for it to do. Of a migration that was rolled back but for a step or two
 * only these are run.
 */
final class RepairSteps {

  private final RepairRequest request;
  private final MigrationContext context;
  private final RepairLog log;
  private final List<Store> stores;
  private final Rollback rollback;
  private final Cleanup cleanup;
  private final RepairActivities control = Stubs.of(RepairActivities.class).untilDone();
  private final List<Warning> left = new ArrayList<>();

  RepairSteps(RepairRequest request, MigrationContext context, RepairLog log) {
    this.request = request;
    this.context = context;
    this.log = log;
    this.stores = Store.of(context);
    this.rollback = Rollback.ofEverything(context, new TenantConfiguration(context), stores, log);
    this.cleanup = new Cleanup(stores, left::add);
  }

  RepairReport run() {
    RepairFindings found = control.read(context);
    MigrationReport onRecord = found.report();
    if (onRecord == null || !Unfinished.is(onRecord)) {
      return RepairReport.nothingLeft(
          context.tenant(),
          onRecord == null ? null : context.migrationId(),
          onRecord == null ? null : onRecord.outcome(),
          found.state());
    }
    log.found(found, onRecord);
    if (onRecord.outcome() == Outcome.ROLLED_BACK) {
      rollback.leaveOut(Unfinished.withoutFailure(onRecord));
    }
    boolean forward = onRecord.outcome() == Outcome.COMPLETED;
    if (!request.act()) {
      Way way = forward || found.activated() ? Way.FORWARD : Way.BACK;
      return report(way, found, planned(way, found));
    }
    return forward || rollback.wasActivated() ? complete(Way.FORWARD) : goBack();
  }

  private RepairReport report(Way way, RepairFindings found, List<RepairStep> steps) {
    return new RepairReport(
        context.tenant(),
        context.migrationId(),
        log.report().outcome(),
        way,
        request.act(),
        found.state(),
        steps);
  }

  private RepairReport goBack() {
    log.begin(Way.BACK);
    boolean whole = rollback.run("The migration was repaired.");
    RepairFindings now = control.read(context);
    if (!whole && now.activated()) {
      // what a worker was still doing for the ended run got through first
      return complete(Way.FORWARD);
    }
    log.end(whole ? Outcome.ROLLED_BACK : Outcome.ROLLBACK_INCOMPLETE);
    return report(Way.BACK, now, log.run().stream().map(RepairStep::of).toList());
  }

  private RepairReport complete(Way way) {
    log.begin(way);
    log.tenantIsBack();
    cleanup.run();
    List<RepairStep> steps = cleanup.steps().stream().map(this::cleanedUp).toList();
    log.cleanedUp(left);
    log.end(Outcome.COMPLETED);
    return report(way, control.read(context), steps);
  }

  private RepairStep cleanedUp(Step step) {
    return left.stream()
        .filter(warning -> warning.object().equals(step.words()))
        .findFirst()
        .map(
            warning -> new RepairStep(step.activity(), RepairStep.Status.FAILED, warning.message()))
        .orElseGet(() -> new RepairStep(step.activity(), RepairStep.Status.DONE, step.summary()));
  }

  private List<RepairStep> planned(Way way, RepairFindings found) {
    return way == Way.FORWARD
        ? RepairPlan.forward(cleanup.steps())
        : new RepairPlan(found, fence()).back(rollback.steps());
  }

  private String fence() {
    return stores.stream()
        .flatMap(store -> store.fenceLeft().stream())
        .collect(Collectors.joining(" "));
  }
}

package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.activity.RepairActivities;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairReport.Way;
import com.matih.tenantmigration.workflow.repair.RepairRequest;
import com.matih.tenantmigration.workflow.repair.RepairStep;
import com.matih.tenantmigration.workflow.repair.Unfinished;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Warning;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.List;

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
  private final WayBack wayBack;
  private final Activities look = Activities.forPreflight();
  private final RepairActivities control = Activities.forRepair();
  private final List<Warning> untidied = new ArrayList<>();

  RepairSteps(RepairRequest request, MigrationContext context, RepairLog log) {
    this.request = request;
    this.context = context;
    this.log = log;
    this.wayBack = WayBack.ofEverything(context, log);
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
      wayBack.leaveOut(Unfinished.withoutFailure(onRecord));
    }
    boolean forward = onRecord.outcome() == Outcome.COMPLETED;
    if (!request.act()) {
      Way way = forward || found.activated() ? Way.FORWARD : Way.BACK;
      return report(way, found, planned(way, found));
    }
    return forward || wayBack.wasActivated() ? complete(Way.FORWARD) : goBack();
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
    boolean whole = wayBack.run("The migration was repaired.");
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
    new Tidying(context, untidied::add).run();
    List<RepairStep> steps = Tidying.steps(context.request()).stream().map(this::tidied).toList();
    log.tidied(untidied);
    log.end(Outcome.COMPLETED);
    return report(way, control.read(context), steps);
  }

  private RepairStep tidied(Step step) {
    return untidied.stream()
        .filter(left -> left.object().equals(step.words()))
        .findFirst()
        .map(left -> new RepairStep(step.activity(), RepairStep.Status.FAILED, left.message()))
        .orElseGet(() -> new RepairStep(step.activity(), RepairStep.Status.DONE, step.summary()));
  }

  private List<RepairStep> planned(Way way, RepairFindings found) {
    return way == Way.FORWARD
        ? RepairPlan.forward(Tidying.steps(context.request()))
        : new RepairPlan(found, fence()).back(wayBack.steps());
  }

  /** What stands of the fence; a database that does not tell keeps nobody from looking. */
  private String fence() {
    if (context.request().postgres() == null) {
      return "";
    }
    try {
      return look.postgres().lookForFence(context);
    } catch (ActivityFailure e) {
      return "The shared database could not be looked at: " + Failures.message(e);
    }
  }
}

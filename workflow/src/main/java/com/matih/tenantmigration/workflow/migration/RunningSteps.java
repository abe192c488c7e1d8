package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.log.MigrationLog;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.stores.RollbackAction;
import com.matih.tenantmigration.workflow.stores.StepRunner;

/** Runs the stores' steps of one migration: an operator stops them, the log tells of them. */
record RunningSteps(Rollback rollback, OperatorControl control, MigrationLog log)
    implements StepRunner {

  @Override
  public void register(RollbackAction action) {
    rollback.register(action);
  }

  @Override
  public void timed(Step step, Runnable work) {
    log.timed(step, work);
  }

  @Override
  public void pausable(Step step, Runnable work) {
    control.runPausable(() -> log.timed(step, work));
  }

  @Override
  public void moved(StoresSummary summary) {
    log.moved(summary);
  }

  @Override
  public void snapshotTaken(String location) {
    log.snapshotTaken(location);
  }
}

package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.temporal.UntilDone;

/** Learns how a way back goes. What it does itself must not hold the tenant up for long. */
public interface RollbackListener extends UntilDone.Listener {

  /** A step has ended, or was held back. */
  void compensated(RollbackStep step);

  /** The tenant can write on the shared side again. */
  void tenantIsBack();

  /** Something was left behind that harms nobody. */
  void warn(Warning warning);
}

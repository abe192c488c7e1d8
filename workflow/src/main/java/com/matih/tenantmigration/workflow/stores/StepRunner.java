package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.StoresSummary;

/** Runs the steps of stores within a migration, and learns what they did. */
public interface StepRunner {

  /** Registers how something is rolled back, before it is done. */
  void register(RollbackAction action);

  /** Runs a step that the report's timeline shows. */
  void timed(Step step, Runnable work);

  /** The same for work that a pause stops and a resume starts again where it was. */
  void pausable(Step step, Runnable work);

  /** Learns what a store has moved. */
  void moved(StoresSummary summary);

  /** Learns where the pre-migration snapshot lies. */
  void snapshotTaken(String location);
}

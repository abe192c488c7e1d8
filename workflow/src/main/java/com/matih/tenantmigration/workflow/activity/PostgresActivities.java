package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.jspecify.annotations.Nullable;

/** The tenant's relational data: planned, fenced, saved, copied, and undone. */
@ActivityInterface
public interface PostgresActivities {

  /** Looks at both databases and the machine's client programs; changes nothing. */
  @ActivityMethod(name = "PlanPostgres")
  PlanFindings plan(MigrationContext context);

  /** Creates the dedicated database, or takes the empty one that exists, and its ledger. */
  @ActivityMethod(name = "ProvisionDatabase")
  void provision(MigrationContext context);

  /**
   * Has every change of the tenant's rows noted in the shared database from now on; refuses
   * nothing.
   */
  @ActivityMethod(name = "CaptureChanges")
  void capture(MigrationContext context);

  /**
   * Carries changes over in rounds, after each of which both sides were equal at one point.
   *
   * @return how the store stood after the last round; null from a worker that did not tell it
   */
  @ActivityMethod(name = "FollowRows")
  @Nullable Followed follow(MigrationContext context, Following following);

  /**
   * Carries over what changed until the fence, compares it, and builds what only a database that no
   * longer changes can have: foreign keys, triggers, the last values of sequences.
   */
  @ActivityMethod(name = "DrainRows")
  Drained drain(MigrationContext context);

  /**
   * Refuses the tenant's writes in the shared database and waits until all transactions that began
   * earlier have ended.
   */
  @ActivityMethod(name = "FenceDatabaseWrites")
  void fence(MigrationContext context);

  /**
   * Fixes the point in time and takes the schema's archive.
   *
   * @return where the snapshot lies
   */
  @ActivityMethod(name = "TakeSnapshot")
  String takeSnapshot(MigrationContext context);

  /** Restores the schema without indexes, constraints and triggers into the dedicated database. */
  @ActivityMethod(name = "CreateSchema")
  void createSchema(MigrationContext context);

  /** Copies the tenant's rows into the dedicated database and, by the same read, the snapshot. */
  @ActivityMethod(name = "CopyRows")
  StoresSummary copyRows(MigrationContext context);

  /**
   * Rewrites storage references, builds indexes and constraints, sets sequences, analyzes, lets the
   * database refuse writes until the cutover, and seals the snapshot, after which it can be
   * restored.
   */
  @ActivityMethod(name = "FinishDatabase")
  void finish(MigrationContext context);

  /**
   * Looks every few seconds whether something has happened to a captured table that its triggers do
   * not see, until it is cancelled. Where it has, the triggers let everything pass at once, so that
   * they break none of the tenant's writes, and the activity fails as SOURCE_CHANGED.
   */
  @ActivityMethod(name = "WatchCapture")
  void watchCapture(MigrationContext context);

  /** Lets the dedicated database take writes; part of the cutover's final step. */
  @ActivityMethod(name = "OpenDatabase")
  void openForWrites(MigrationContext context);

  /**
   * Validates, after the cutover, the foreign keys that the drain created without a look at the
   * rows.
   */
  @ActivityMethod(name = "ValidateForeignKeys")
  void validateKeys(MigrationContext context);

  /**
   * Compares, after the cutover, the tenant's frozen rows on the shared side with the sealed
   * snapshot, and fails where they differ.
   */
  @ActivityMethod(name = "CompareFrozenRows")
  void compareFrozenRows(MigrationContext context);

  /** Removes this migration's ledger from the dedicated database after the cutover. */
  @ActivityMethod(name = "RemoveLedger")
  void removeLedger(MigrationContext context);

  /**
   * Ends this migration's sessions in the shared database and lets it take the tenant's writes
   * again. It waits for no table, and leaves triggers that let everything pass.
   */
  @ActivityMethod(name = "ReleaseFence")
  RollbackStep releaseFence(MigrationContext context);

  /** Says in a sentence what stands of this migration's fence; changes nothing. */
  @ActivityMethod(name = "LookForFence")
  String lookForFence(MigrationContext context);

  /**
   * Removes the triggers of a fence that was released. It waits for whoever reads those tables: an
   * attempt for some minutes, and then fails in a way that may pass, naming them.
   */
  @ActivityMethod(name = "RemoveFence")
  RollbackStep removeFence(MigrationContext context);

  /**
   * Ends this migration's writers, then drops the dedicated database, marks it as failed, or
   * empties it where it was there before.
   *
   * @param reason why, for the comment on a database that is marked as failed
   */
  @ActivityMethod(name = "DropDatabase")
  RollbackStep dropDatabase(MigrationContext context, String reason);
}

package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.ObjectCheckResults;
import com.matih.tenantmigration.workflow.report.RowCheckResults;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * The checks; each reads both sides afresh. A check that finds mismatches returns them: only a
 * check that could not be made throws.
 */
@ActivityInterface
public interface VerificationActivities {

  /** ROW_COUNT, PRIMARY_KEY_CHECKSUM and ROW_CONTENT in one pass over the rows. */
  @ActivityMethod(name = "CheckRows")
  RowCheckResults rows(MigrationContext context);

  /** By itself, as are the next two, for runs that an earlier release began to verify. */
  @ActivityMethod(name = "CheckRowCount")
  CheckResult rowCount(MigrationContext context);

  @ActivityMethod(name = "CheckPrimaryKeyChecksum")
  CheckResult primaryKeyChecksum(MigrationContext context);

  @ActivityMethod(name = "CheckRowContent")
  CheckResult rowContent(MigrationContext context);

  /** OBJECT_COUNT, OBJECT_SIZE and OBJECT_CHECKSUM, one after the other. */
  @ActivityMethod(name = "CheckObjects")
  ObjectCheckResults objects(MigrationContext context);

  @ActivityMethod(name = "CheckObjectCount")
  CheckResult objectCount(MigrationContext context);

  @ActivityMethod(name = "CheckObjectSize")
  CheckResult objectSize(MigrationContext context);

  @ActivityMethod(name = "CheckObjectChecksum")
  CheckResult objectChecksum(MigrationContext context);

  @ActivityMethod(name = "CheckRecordContent")
  CheckResult recordContent(MigrationContext context);

  @ActivityMethod(name = "CheckDocumentContent")
  CheckResult documentContent(MigrationContext context);

  @ActivityMethod(name = "CheckCacheContent")
  CheckResult cacheContent(MigrationContext context);

  @ActivityMethod(name = "CheckStorageReferences")
  CheckResult storageReferences(MigrationContext context);

  /**
   * STORAGE_REFERENCES of the rows that were carried over since the last look at references; for a
   * tenant that works while it moves.
   */
  @ActivityMethod(name = "CheckLaterReferences")
  CheckResult laterReferences(MigrationContext context);

  @ActivityMethod(name = "CheckTenantLeak")
  CheckResult tenantLeak(MigrationContext context);

  @ActivityMethod(name = "CheckQueryTest")
  CheckResult queryTest(MigrationContext context);

  @ActivityMethod(name = "CheckSourceQuiet")
  CheckResult sourceQuiet(MigrationContext context);

  /**
   * Looks once more, when the tenant works on the dedicated side, whether anybody wrote for it on
   * the shared one: after the settle time, by which the services have learnt of the switch. The
   * activity waits itself, which costs the history less than a timer.
   */
  @ActivityMethod(name = "CheckLateWrites")
  CheckResult lateWrites(MigrationContext context);

  @ActivityMethod(name = "CheckApiHealth")
  CheckResult apiHealth(MigrationContext context);
}

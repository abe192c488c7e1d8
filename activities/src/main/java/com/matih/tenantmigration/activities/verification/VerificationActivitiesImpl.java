package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.ObjectCheckResults;
import com.matih.tenantmigration.workflow.report.RowCheckResults;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The checks as activities, one each, and those of rows and of objects as one besides. */
public final class VerificationActivitiesImpl implements VerificationActivities {

  private final RowChecks rows;
  private final Check laterReferences;
  private final Check lateWrites;
  private final Map<CheckName, Check> checks = new EnumMap<>(CheckName.class);

  /**
   * The activities of all checks.
   *
   * @param rows the engine of all checks of rows
   * @param laterReferences the engine that follows the references of rows that came later
   * @param lateWrites the engine that looks at the shared side after the cutover
   * @param engines gives each check its engine
   */
  public VerificationActivitiesImpl(
      RowChecks rows, Check laterReferences, Check lateWrites, Function<CheckName, Check> engines) {
    this.rows = rows;
    this.laterReferences = laterReferences;
    this.lateWrites = lateWrites;
    for (CheckName name : CheckName.values()) {
      checks.put(name, engines.apply(name));
    }
  }

  private CheckResult run(CheckName name, MigrationContext context) {
    return run(name, engine(name), context);
  }

  private Check engine(CheckName name) {
    return Objects.requireNonNull(checks.get(name), name.name());
  }

  private static CheckResult run(CheckName name, Check check, MigrationContext context) {
    return ActivityRunner.call(context, monitor -> check.run(context, monitor).toResult(name));
  }

  @Override
  public RowCheckResults rows(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> {
          Map<CheckName, Finding> found = rows.run(context, monitor);
          return new RowCheckResults(
              result(found, CheckName.ROW_COUNT),
              result(found, CheckName.PRIMARY_KEY_CHECKSUM),
              result(found, CheckName.ROW_CONTENT));
        });
  }

  private static CheckResult result(Map<CheckName, Finding> found, CheckName name) {
    return Objects.requireNonNull(found.get(name), name.name()).toResult(name);
  }

  @Override
  public CheckResult rowCount(MigrationContext context) {
    return run(CheckName.ROW_COUNT, context);
  }

  @Override
  public CheckResult primaryKeyChecksum(MigrationContext context) {
    return run(CheckName.PRIMARY_KEY_CHECKSUM, context);
  }

  @Override
  public CheckResult rowContent(MigrationContext context) {
    return run(CheckName.ROW_CONTENT, context);
  }

  @Override
  public ObjectCheckResults objects(MigrationContext context) {
    return ActivityRunner.call(
        context,
        monitor -> {
          Function<CheckName, CheckResult> check =
              name -> engine(name).run(context, monitor).toResult(name);
          return new ObjectCheckResults(
              check.apply(CheckName.OBJECT_COUNT),
              check.apply(CheckName.OBJECT_SIZE),
              check.apply(CheckName.OBJECT_CHECKSUM));
        });
  }

  @Override
  public CheckResult objectCount(MigrationContext context) {
    return run(CheckName.OBJECT_COUNT, context);
  }

  @Override
  public CheckResult objectSize(MigrationContext context) {
    return run(CheckName.OBJECT_SIZE, context);
  }

  @Override
  public CheckResult objectChecksum(MigrationContext context) {
    return run(CheckName.OBJECT_CHECKSUM, context);
  }

  @Override
  public CheckResult recordContent(MigrationContext context) {
    return run(CheckName.RECORD_CONTENT, context);
  }

  @Override
  public CheckResult documentContent(MigrationContext context) {
    return run(CheckName.DOCUMENT_CONTENT, context);
  }

  @Override
  public CheckResult cacheContent(MigrationContext context) {
    return run(CheckName.CACHE_CONTENT, context);
  }

  @Override
  public CheckResult storageReferences(MigrationContext context) {
    return run(CheckName.STORAGE_REFERENCES, context);
  }

  @Override
  public CheckResult laterReferences(MigrationContext context) {
    return run(CheckName.STORAGE_REFERENCES, laterReferences, context);
  }

  @Override
  public CheckResult tenantLeak(MigrationContext context) {
    return run(CheckName.TENANT_LEAK, context);
  }

  @Override
  public CheckResult queryTest(MigrationContext context) {
    return run(CheckName.QUERY_TEST, context);
  }

  @Override
  public CheckResult sourceQuiet(MigrationContext context) {
    return run(CheckName.SOURCE_QUIET, context);
  }

  @Override
  public CheckResult lateWrites(MigrationContext context) {
    return run(CheckName.SOURCE_QUIET, lateWrites, context);
  }

  @Override
  public CheckResult apiHealth(MigrationContext context) {
    return run(CheckName.API_HEALTH, context);
  }
}

package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import java.util.List;

/** This program's copy of a store and its checks, as the activities run them. */
public abstract class OwnEngines implements StoreBench.Contender {

  protected static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();

  @Override
  public final String name() {
    return StoreBench.OURS;
  }

  @Override
  public final List<StoreBench.Step> steps(String target) {
    MigrationContext context = prepare(target);
    return List.of(
        new StoreBench.Step(StoreBench.OURS, () -> copy(context)),
        new StoreBench.Step(StoreBench.CHECKS, () -> check(context)));
  }

  /** Creates what is copied into, and the migration that copies. */
  protected abstract MigrationContext prepare(String target);

  protected abstract void copy(MigrationContext context);

  protected abstract void check(MigrationContext context);

  /** Fails the benchmark if a check of our own copy did not pass. */
  protected static void requirePassed(CheckName check, Finding finding) {
    CheckResult result = finding.toResult(check);
    if (result.status() != CheckResult.Status.PASSED) {
      throw new BenchmarkException(
          "%s is %s after our own copy: %s".formatted(check, result.status(), result.mismatches()));
    }
  }
}

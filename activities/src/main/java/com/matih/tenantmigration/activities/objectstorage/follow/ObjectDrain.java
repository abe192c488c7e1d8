package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last pass, when the tenant no longer writes: after it the record is the source's listing, and
 * the dedicated side is compared with it.
 *
 * <p>When that is on record, no attempt writes or deletes any more: the objects are soon the
 * tenant's to change.
 */
public final class ObjectDrain {

  private static final List<CheckName> CHECKS =
      List.of(CheckName.OBJECT_COUNT, CheckName.OBJECT_SIZE, CheckName.OBJECT_CHECKSUM);

  private final FollowAttempt.FollowEngines engines;

  public ObjectDrain(ObjectStores stores, MigrationJournal journal, RemovalGuard guard) {
    this(stores, journal, guard, FollowSettings.STANDARD);
  }

  public ObjectDrain(
      ObjectStores stores, MigrationJournal journal, RemovalGuard guard, FollowSettings settings) {
    this.engines = new FollowAttempt.FollowEngines(stores, journal, guard, settings);
  }

  /**
   * Drains; repeatable.
   *
   * @throws MigrationException of type SOURCE_CHANGED where an object changed while it was copied
   */
  public Drained drain(MigrationContext context, ProgressMonitor monitor) {
    TargetClaim claim = new TargetClaim(engines.journal(), context);
    Optional<Drained> drained = claim.drained();
    if (claim.copied().isPresent() && drained.isPresent()) {
      return drained.get();
    }
    try (FollowAttempt attempt = FollowAttempt.begin(engines, context, monitor)) {
      ObjectPass.Result pass =
          attempt.pass(
              false, objects -> new Progress(objects, -1, "objects", "carrying over the rest"));
      List<CheckResult> checks = compare(attempt);
      // an earlier attempt must not end the work of a later one in the middle of an object
      attempt.requireRight();
      Drained answer = claim.rememberDrained(new Drained(StoresSummary.of(pass.summary()), checks));
      var unusedSummary = claim.rememberCopied(pass.summary());
      return answer;
    }
  }

  /** Compares the dedicated side's listing; contents were compared when they were written. */
  private List<CheckResult> compare(FollowAttempt attempt) {
    Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);
    long carried = new CarriedObjects(engines.journal(), attempt.context()).sinceCompared();
    CHECKS.forEach(
        check -> {
          Finding finding = new Finding();
          finding.compared(carried);
          findings.put(check, finding);
        });
    var unusedCounts =
        new DedicatedComparison(
                attempt.objects(), attempt.record(), attempt.concurrency(), attempt.monitor())
            .compare(
                (difference, text) ->
                    difference.checks().forEach(check -> findings.get(check).mismatch(text)));
    return findings.entrySet().stream()
        // nothing may have changed since the verification
        .filter(entry -> entry.getValue().comparedCount() + entry.getValue().mismatchCount() > 0)
        .map(entry -> entry.getValue().toResult(entry.getKey()))
        .toList();
  }
}

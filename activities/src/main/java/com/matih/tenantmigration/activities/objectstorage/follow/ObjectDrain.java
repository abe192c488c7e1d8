package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.ListingAhead;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.activities.objectstorage.follow.DedicatedComparison.Difference;
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
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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

  /** Where a pass has changed more objects than that, the dedicated side is listed anew. */
  private static final int LOOKED_AT_SINGLY = 100;

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
      DedicatedComparison comparison =
          new DedicatedComparison(
              attempt.objects(), attempt.record(), attempt.concurrency(), monitor);
      ObjectPass.Result pass;
      List<CheckResult> checks;
      try (ListingAhead dedicated = comparison.listAhead()) {
        pass =
            attempt.pass(
                false, objects -> new Progress(objects, -1, "objects", "carrying over the rest"));
        boolean isListedAnew = pass.changes() > LOOKED_AT_SINGLY;
        checks =
            checks(
                attempt,
                found -> {
                  var unused =
                      isListedAnew
                          ? comparison.compare(found)
                          : comparison.compare(dedicated, found);
                });
      }
      // an earlier attempt must not end the work of a later one in the middle of an object
      attempt.requireRight();
      Drained answer = claim.rememberDrained(new Drained(StoresSummary.of(pass.summary()), checks));
      var unusedSummary = claim.rememberCopied(pass.summary());
      return answer;
    }
  }

  /**
   * Compares the dedicated side's listing; contents were compared when they were written.
   *
   * @param comparison is given who takes the differences
   */
  private List<CheckResult> checks(
      FollowAttempt attempt, Consumer<BiConsumer<Difference, String>> comparison) {
    Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);
    long carried = new CarriedObjects(engines.journal(), attempt.context()).sinceCompared();
    CHECKS.forEach(
        check -> {
          Finding finding = new Finding();
          finding.compared(carried);
          findings.put(check, finding);
        });
    comparison.accept(
        (difference, text) ->
            difference.checks().forEach(check -> findings.get(check).mismatch(text)));
    return findings.entrySet().stream()
        // nothing may have changed since the verification
        .filter(entry -> entry.getValue().comparedCount() + entry.getValue().mismatchCount() > 0)
        .map(entry -> entry.getValue().toResult(entry.getKey()))
        .toList();
  }
}

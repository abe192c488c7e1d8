package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.controlplane.AuditLine;
import com.matih.tenantmigration.controlplane.AuditTrail;
import com.matih.tenantmigration.starter.state.ActivityProgress;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells since when a step of the way back has been tried. Temporal does not: it knows an activity's
 * last try alone. The steps come one after the other, so that each began when the one before it
 * ended.
 */
final class RollbackSteps {

  private static final Set<String> ACTIVITIES =
      Arrays.stream(Compensation.values())
          .map(compensation -> Step.valueOf(compensation.name()).activity())
          .collect(Collectors.toSet());

  private final AuditTrail audit;

  RollbackSteps(AuditTrail audit) {
    this.audit = audit;
  }

  /** The activities, those of the way back with the moment. */
  List<ActivityProgress> dated(
      List<ActivityProgress> activities, String tenant, String migrationId) {
    if (activities.stream().noneMatch(RollbackSteps::isOfTheWayBack)) {
      return activities;
    }
    Optional<Instant> began =
        audit.list(tenant).stream()
            .filter(line -> line.migrationId().equals(migrationId))
            .filter(RollbackSteps::isBeforeAStep)
            .map(AuditLine::at)
            .max(Comparator.naturalOrder());
    return began.isEmpty()
        ? activities
        : activities.stream()
            .map(activity -> isOfTheWayBack(activity) ? activity.since(began.get()) : activity)
            .toList();
  }

  private static boolean isOfTheWayBack(ActivityProgress activity) {
    return ACTIVITIES.contains(activity.activity());
  }

  /** What is written when the way back begins, and when each of its steps has ended. */
  private static boolean isBeforeAStep(AuditLine line) {
    return line.event().equals("COMPENSATION")
        || (line.outcome().equals("STARTED") && line.phase().equals(Phase.ROLLING_BACK.name()));
  }
}

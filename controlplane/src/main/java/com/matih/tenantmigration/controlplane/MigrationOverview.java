package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.workflow.Phase;
import java.util.Map;

/**
 * How all migrations stand at one moment.
 *
 * @param running how many run in each phase; phases without any are left out, and phases that only
 *     a newer release knows
 * @param fencedTenants how many tenants a migration made read-only that are so still, whether or
 *     not it runs
 * @param longestFenceSeconds for how long the first of these has been; 0 where there is none
 * @param longestApprovalWaitSeconds for how long the first of those that await an approval has; 0
 *     where there is none
 * @param longestWayBackSeconds for how long the first of the rollbacks that run has not brought its
 *     tenant back, which is read-only still; 0 where there is none
 * @param unresolvedRollbacks how many tenants' last migration ended with ROLLBACK_INCOMPLETE; one
 *     that was refused does not count as their last
 */
public record MigrationOverview(
    Map<Phase, Long> running,
    long fencedTenants,
    double longestFenceSeconds,
    double longestApprovalWaitSeconds,
    double longestWayBackSeconds,
    long unresolvedRollbacks) {

  public MigrationOverview {
    running = Map.copyOf(running);
  }
}

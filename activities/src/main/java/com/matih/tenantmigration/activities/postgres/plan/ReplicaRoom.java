package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.client.ReplicaLag;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Warns of a bound for the lag of replicas that has no effect, or is exceeded already. */
final class ReplicaRoom {

  private static final String OBJECT = "throttle.maxReplicaLag";

  private ReplicaRoom() {}

  static void examine(Connection source, MigrationRequest request, PlanNotes findings)
      throws SQLException {
    Duration most = ThrottleSpec.of(request.throttle()).maxReplicaLag();
    if (most == null) {
      return;
    }
    Optional<String> blind = Sql.text(source, SourceRights.OF_STATISTICS);
    if (blind.isPresent()) {
      findings.warn(
          OBJECT,
          ("the source's user %s cannot see how far replicas are behind, so nothing waits for them."
                  + " GRANT pg_monitor to it")
              .formatted(blind.get()));
      return;
    }
    ReplicaLag.furthestBehind(source, most)
        .ifPresent(
            replica ->
                findings.warn(
                    OBJECT,
                    ("replica %s is %s behind now, and reading the shared database would wait until"
                            + " it is at most %s behind. Choose a larger lag if it is meant to be"
                            + " behind")
                        .formatted(
                            replica.name(),
                            Units.duration(replica.lag()),
                            ShortDuration.format(most))));
  }
}

package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.engine.FollowingProgress;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds.Extent;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDefinitions;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;

/** Follows the tenant's rows: one round after the other, with a pause where little is left. */
public final class RowFollower {

  /** A round that takes less leaves less than that to the next one. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(2);

  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);

  /** The drain looks at both catalogs as often again, for its keys, its point and the snapshot. */
  private static final int OPENED_MORE = 3;

  /** What no trigger sees is looked for once in so many rounds. */
  private static final int ROUNDS_BETWEEN_LOOKS = 2;

  /** All definitions of a large schema are read in some tenths of a second. */
  private static final Duration BETWEEN_LOOKS_AT_DEFINITIONS = Duration.ofMinutes(1);

  private static final Duration TELL_WAIT = Duration.ofSeconds(1);

  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public RowFollower(PostgresConnections connections, MigrationJournal journal) {
    this.connections = connections;
    this.journal = journal;
  }

  /** Follows until little is left, or until the monitor says to stop. */
  public void follow(MigrationContext context, Following following, ProgressMonitor monitor) {
    FollowingProgress progress = new FollowingProgress("changes");
    long epoch = Ledger.takeOver(DatabaseAccess.target(connections, context), monitor.attempt());
    try (RowRounds rounds = RowRounds.open(connections, journal, context, false, epoch)) {
      progress.opened(OPENED_MORE);
      SchemaDefinitions.requireSame(connections, context);
      long looked = System.nanoTime();
      for (int number = 1; ; number++) {
        // no snapshot is held while replicas are behind
        monitor.readShared(0, TELL_WAIT, () -> monitor.update(progress.waiting()));
        long begun = System.nanoTime();
        Duration waitedBefore = monitor.waitedForThrottle();
        Round round = rounds.run(Extent.KEYED);
        rounds.release();
        rounds.forget(round);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        monitor.update(
            progress.afterRound(
                round.changes(),
                begun,
                monitor.waitedForThrottle().minus(waitedBefore),
                "the last round carried over %s in %s"
                    .formatted(Units.plural(round.changes(), "change"), Units.duration(took))));
        if (number % ROUNDS_BETWEEN_LOOKS == 0) {
          rounds.requireSameSchema();
        }
        if (System.nanoTime() - looked > BETWEEN_LOOKS_AT_DEFINITIONS.toNanos()) {
          SchemaDefinitions.requireSame(connections, context);
          looked = System.nanoTime();
        }
        boolean isClose = took.compareTo(CAUGHT_UP) < 0;
        if (isClose && following == Following.UNTIL_CAUGHT_UP) {
          return;
        }
        if (isClose) {
          monitor.pause(BETWEEN_ROUNDS);
        }
      }
    }
  }

  /**
   * Puts right the rows as they were copied, before they have keys: a row that was written while
   * ranges were read may be there twice or not at all.
   *
   * @param epoch the attempt's right to write
   */
  public void correctBase(MigrationContext context, long epoch) {
    try (RowRounds rounds = RowRounds.open(connections, journal, context, true, epoch)) {
      Round round = rounds.run(Extent.ALL);
      rounds.release();
      rounds.forget(round);
    }
  }
}

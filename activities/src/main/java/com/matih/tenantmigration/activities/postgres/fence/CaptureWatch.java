package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/**
 * Looks whether a captured table was changed in a way that its triggers do not see. A key column
 * that was renamed, for one, breaks every write of the table from then on: so the triggers let
 * everything pass at once, before anything else is done about it.
 */
public final class CaptureWatch {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** A look at thousands of tables is no load either. */
  private static final int PAUSE_PER_LOOK = 20;

  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public CaptureWatch(PostgresConnections connections, MigrationJournal journal) {
    this.connections = connections;
    this.journal = journal;
  }

  /**
   * Watches until the monitor says to stop.
   *
   * @throws MigrationException of type SOURCE_CHANGED, naming the tables, where one was changed;
   *     the triggers let everything pass then, and what was captured must not be believed
   */
  public void watch(MigrationContext context, ProgressMonitor monitor) {
    CaptureState state = CaptureState.of(context, journal);
    try (Connection source = DatabaseAccess.source(connections, context).openShort("watch")) {
      for (long looks = 1; ; looks++) {
        long begun = System.nanoTime();
        Set<String> changed = state.changed(source, context.migrationId());
        if (!changed.isEmpty()) {
          CaptureState.giveUp(context, journal, changed);
          FenceCatalog.letPass(
              source,
              FenceCatalog.functions(source, FenceSql.functionPrefix(context.migrationId())));
          throw CaptureState.failure(changed);
        }
        monitor.update(new Progress(looks, -1, "looks", "the captured tables are unchanged"));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        monitor.pause(max(BETWEEN_LOOKS, took.multipliedBy(PAUSE_PER_LOOK)));
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("watch the tables of", "the shared database", e);
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}

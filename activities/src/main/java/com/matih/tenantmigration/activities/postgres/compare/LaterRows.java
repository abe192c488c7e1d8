package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.follow.CarriedRows;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import java.util.Map;

/** The rows that came since references were followed last, without anything wrong found. */
final class LaterRows {

  private static final String LOOKED = "references-followed";

  private final PostgresConnections connections;
  private final MigrationJournal journal;
  private final MigrationContext context;

  LaterRows(PostgresConnections connections, MigrationJournal journal, MigrationContext context) {
    this.connections = connections;
    this.journal = journal;
    this.context = context;
  }

  /** The round that the dedicated side stands at. */
  long lastRound() {
    return CarriedRows.lastRound(DatabaseAccess.target(connections, context));
  }

  /** True, over the alias {@code t} of the dedicated side, for such rows of each table. */
  Map<TableName, String> sinceLastLook() {
    long looked =
        journal
            .recall(context.migrationId(), StoreName.POSTGRES.key(), LOOKED, Long.class)
            .orElse(0L);
    return CarriedRows.since(looked, connections, journal, context);
  }

  /** Keeps that everything up to a round was looked at, where nothing was wrong. */
  void looked(long round, Finding finding) {
    if (round > 0 && finding.mismatchCount() == 0) {
      journal.put(context.migrationId(), StoreName.POSTGRES.key(), LOOKED, round);
    }
  }
}

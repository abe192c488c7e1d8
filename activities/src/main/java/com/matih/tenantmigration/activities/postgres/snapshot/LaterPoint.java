package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.jdbc.Sql;
import java.util.Map;
import java.util.Set;

/** Reads where the shared database stands, for a schema that was archived at an earlier point. */
public final class LaterPoint {

  private static final String STATE =
      "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), pg_current_wal_lsn()::text,"
          + " pg_current_snapshot()::text";

  private LaterPoint() {}

  /** The archived point with time, position and sequences of now. */
  public static SnapshotPoint read(
      SnapshotPoint taken, DatabaseAccess source, TenantTables tables) {
    return source.look(
        "sequences",
        "read the sequences of",
        "the shared database",
        connection -> {
          SourceObjects objects =
              SourceObjects.of(connection, tables.schema().name(), tables.requireMovable());
          Set<String> staying = objects.staying();
          SharedEntries shared = new SharedEntries(connection, tables.shared());
          return Sql.one(
              connection,
              STATE,
              row ->
                  taken.at(
                      new SnapshotPoint(
                          row.getString(1),
                          row.getString(2),
                          row.getString(3),
                          taken.serverVersion(),
                          taken.archive(),
                          taken.archiveList(),
                          taken.extensions(),
                          objects.sequences(connection, staying),
                          taken.materializedViews(),
                          taken.casts(),
                          shared.schemas(),
                          taken.lateChecks(),
                          Map.of())));
        });
  }
}

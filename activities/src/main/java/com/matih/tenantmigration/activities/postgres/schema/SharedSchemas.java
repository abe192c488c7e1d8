package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SharedSchema;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The schemas of a dedicated database that hold what the tenant's schema uses and tenants shared;
 * they keep their names.
 */
public final class SharedSchemas {

  private SharedSchemas() {}

  /** Makes sure that the tenant's schema and these stand and are empty. */
  public static void prepare(Connection connection, String tenantSchema, SnapshotPoint taken)
      throws SQLException {
    DedicatedSchema.makeEmpty(connection, tenantSchema);
    for (SharedSchema shared : taken.sharedSchemas()) {
      DedicatedSchema.makeEmpty(connection, shared.name());
    }
  }

  /** Sets all sequences. */
  public static void setSequences(Connection connection, String tenantSchema, SnapshotPoint taken)
      throws SQLException {
    SequenceValues.set(connection, tenantSchema, taken.sequences());
    for (SharedSchema shared : taken.sharedSchemas()) {
      SequenceValues.set(connection, shared.name(), shared.sequences());
    }
  }

  /** Gathers the statistics of all tables. */
  public static void gatherStatistics(
      Connection connection, String tenantSchema, SnapshotPoint taken, ProgressMonitor monitor)
      throws SQLException {
    Statistics.gather(connection, tenantSchema, monitor);
    for (SharedSchema shared : taken.sharedSchemas()) {
      Statistics.gather(connection, shared.name(), monitor);
    }
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Looks whether the fence still stands on every table of the tenant's: while it does, nobody can
 * have written. Counts tables.
 */
public final class PostgresSourceQuiet implements SourceQuietProbe {

  private final PostgresConnections connections;
  private final WriteFence fence;

  public PostgresSourceQuiet(PostgresConnections connections, WriteFence fence) {
    this.connections = connections;
    this.fence = fence;
  }

  @Override
  public Finding findWrites(MigrationContext context, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    Finding finding = new Finding();
    try (Connection source =
        DatabaseAccess.source(connections, context).openShort("source quiet")) {
      TenantTables tables = TenantCatalog.read(source, context.request());
      finding.compared(WriteFence.fenced(tables.tables()).size());
      fence.missing(source, context, tables).forEach(finding::mismatch);
    } catch (SQLException e) {
      throw PostgresFailures.translate("look at the fence of", spec.sourceSchema(), e);
    }
    return finding;
  }
}

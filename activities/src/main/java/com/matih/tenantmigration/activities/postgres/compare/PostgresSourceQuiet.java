package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.fence.CaptureState;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.follow.CarriedRows;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDefinitions;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Looks whether the fence still stands on every table of the tenant's: while it does, nobody can
 * have written. Counts tables.
 */
public final class PostgresSourceQuiet implements SourceQuietProbe {

  private final PostgresConnections connections;
  private final WriteFence fence;
  private final Optional<MigrationJournal> journal;

  private PostgresSourceQuiet(
      PostgresConnections connections, WriteFence fence, Optional<MigrationJournal> journal) {
    this.connections = connections;
    this.fence = fence;
    this.journal = journal;
  }

  /** A check after the cutover, when the tenant works on the dedicated side. */
  public static PostgresSourceQuiet afterCutover(
      PostgresConnections connections, WriteFence fence) {
    return new PostgresSourceQuiet(connections, fence, Optional.empty());
  }

  /**
   * A check before the cutover, which also detects that the dedicated database has lost changes
   * that were carried over, and that definitions have changed since they were copied.
   */
  public static PostgresSourceQuiet beforeCutover(
      PostgresConnections connections, WriteFence fence, MigrationJournal journal) {
    return new PostgresSourceQuiet(connections, fence, Optional.of(journal));
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
      if (journal.isEmpty()) {
        return finding;
      }
      DatabaseAccess target = DatabaseAccess.target(connections, context);
      SchemaDefinitions.changes(source, target, tables).ifPresent(finding::mismatch);
      if (context.request().mode() == Mode.ONLINE) {
        CarriedRows.lost(target, CaptureState.of(context, journal.get()), source)
            .ifPresent(finding::mismatch);
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("look at the fence of", spec.sourceSchema(), e);
    }
    return finding;
  }
}

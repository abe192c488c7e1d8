package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Judges what cannot be followed while the tenant works, or takes longer under the fence. */
final class OnlineLimits {

  private static final String OFFLINE = "Write mode: offline.";

  private OnlineLimits() {}

  static void examine(
      Connection source,
      MigrationContext context,
      TenantTables tables,
      List<TenantTable> moving,
      PlanNotes notes)
      throws SQLException {
    if (context.request().mode() == Mode.OFFLINE || !notes.refusals().isEmpty()) {
      return;
    }
    for (LargeObjectColumn column : LargeObjectColumns.of(source, moving)) {
      notes.refuse(
          column.table().name(),
          "refers to large objects, whose changes no trigger sees, so they cannot be followed"
              + " while the tenant works",
          OFFLINE);
    }
    for (String publication :
        Sql.texts(
            source,
            "SELECT pubname FROM pg_publication WHERE puballtables AND (pubupdate OR pubdelete)"
                + " ORDER BY pubname")) {
      notes.refuse(
          "publication " + publication,
          "publishes all tables, and would publish the tables in which changes are noted",
          "Publish the tables by their names, or write mode: offline.");
    }
    for (NoteTable note : NoteTable.of(source, context.migrationId(), tables)) {
      if (!note.isKeyed()) {
        notes.warn(
            note.table().name().toString(),
            "is copied again while the tenant is read-only (the whole table has %s), because %s."
                .formatted(Units.bytes(note.table().bytes()), reason(note)));
      }
    }
  }

  private static String reason(NoteTable note) {
    if (!note.owners().isEmpty()) {
      return "it, or a table to whose rows its rows belong, has no primary key that is checked at once";
    }
    return note.tellsChanges()
        ? "it has no primary key that is checked at once"
        : "rows of other tables decide which of its rows are the tenant's";
  }
}

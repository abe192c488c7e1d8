package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.fence.JudgingCost;
import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.Mode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Judges what cannot be followed while the tenant works, or takes longer under the fence. */
final class OnlineLimits {

  private static final String OFFLINE = "Write mode: offline.";

  /** Twice what a single-row UPDATE takes by itself. */
  private static final Duration DEAR = Duration.ofNanos(200_000);

  /** A server's limit, less what a table of carried rows has beside the table's own columns. */
  private static final int MOST_COLUMNS = 1600 - 2;

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
      int columns = note.table().columns().size();
      if (columns > MOST_COLUMNS) {
        notes.refuse(
            note.table().name(),
            "has %d columns, and at most %d can be followed while the tenant works: the table in which its changes are kept has two more, and no table can have more than 1600"
                .formatted(columns, MOST_COLUMNS),
            OFFLINE);
      }
      warnOfCost(source, context, tables, note, notes);
      if (!note.isKeyed()) {
        notes.warn(
            note.table().name().toString(),
            "is copied again while the tenant is read-only (the whole table has %s), because %s."
                .formatted(Units.bytes(note.table().bytes()), reason(note)));
      }
    }
  }

  /** What neighbours pay where more than the row itself tells whose it is. */
  private static void warnOfCost(
      Connection source,
      MigrationContext context,
      TenantTables tables,
      NoteTable note,
      PlanNotes notes)
      throws SQLException {
    JudgingCost.ofUpdate(source, context, tables, note)
        .filter(cost -> cost.compareTo(DEAR) > 0)
        .ifPresent(
            cost ->
                notes.warn(
                    note.table().name().toString(),
                    ("makes an UPDATE of one row, of any tenant, about %s longer while its changes"
                            + " are captured: %s for each row that is written. To avoid this, list"
                            + " the table in postgres.copyUnderFence; then the whole table (%s) is"
                            + " copied while the tenant is read-only.")
                        .formatted(
                            time(cost),
                            tables.moving(note.table().name()).holdsCondition()
                                ? "the condition of postgres.tables is evaluated"
                                : "its parent rows are looked up",
                            Units.bytes(note.table().bytes()))));
  }

  /** {@code 240 µs} or {@code 1.9 ms}. */
  private static String time(Duration cost) {
    long micros = cost.toNanos() / 1000;
    return micros < 1000 ? micros + " µs" : String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
  }

  private static String reason(NoteTable note) {
    if (!note.isCaptured()) {
      return "postgres.copyUnderFence lists it, or a table to whose rows its rows belong";
    }
    if (!note.owners().isEmpty()) {
      return "it, or a table to whose rows its rows belong, has no primary key that is checked at once, or a generated column in a key";
    }
    return note.tellsChanges()
        ? "it has no primary key that is checked at once, or a generated column in a key"
        : "rows of other tables decide which of its rows are the tenant's";
  }
}

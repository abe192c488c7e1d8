package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Notes that any row of a table may have changed, where no trigger told. */
public final class WholeNotes {

  private final DatabaseAccess source;
  private final Map<TableName, TableName> notes;

  private WholeNotes(DatabaseAccess source, Map<TableName, TableName> notes) {
    this.source = source;
    this.notes = Map.copyOf(notes);
  }

  /** For the tables of a migration whose changes are captured. */
  public static WholeNotes of(DatabaseAccess source, MigrationContext context) {
    Map<TableName, TableName> notes = new HashMap<>();
    source
        .look(
            "read catalog",
            "read the tables of",
            "the shared database",
            connection ->
                NoteTable.of(
                    connection,
                    context.migrationId(),
                    TenantCatalog.read(connection, context.request())))
        .forEach(note -> notes.put(note.table().name(), note.name()));
    return new WholeNotes(source, notes);
  }

  /** Has all rows of the table copied again. */
  public void note(TableName table) {
    String notesOfTable = Identifiers.quote(Objects.requireNonNull(notes.get(table)));
    source.change(
        "note",
        "note changes of",
        table.toString(),
        connection ->
            Sql.execute(
                connection,
                "INSERT INTO %s (%s) VALUES ('%s')"
                    .formatted(notesOfTable, NoteTable.KIND, NoteTable.WHOLE)));
  }
}

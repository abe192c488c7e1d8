package com.matih.tenantmigration.activities.postgres.follow;

import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.fence.CaptureState;
import com.matih.tenantmigration.activities.postgres.fence.NoteTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which tables are followed, and how. */
final class FollowedTables {

  /** Strategy 3 of a B-tree is what it takes for equal. */
  private static final String OPERATORS =
      """
      SELECT i.indrelid::bigint, a.attname, format('OPERATOR(%I.%s)', n.nspname, p.oprname)
        FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1], i.indclass[0:i.indnkeyatts - 1])
                          AS k(attnum, opclass)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        JOIN pg_opclass c ON c.oid = k.opclass
        JOIN pg_amop o ON o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype
                      AND o.amoprighttype = c.opcintype AND o.amopstrategy = 3
        JOIN pg_operator p ON p.oid = o.amopopr
        JOIN pg_namespace n ON n.oid = p.oprnamespace
       WHERE i.indrelid = ANY (?::oid[]) AND i.indisprimary
         AND n.oid <> 'pg_catalog'::regnamespace
      """;

  private FollowedTables() {}

  /**
   * The tables, each after those that its rows hang on.
   *
   * @param source in autocommit mode
   * @param isBase whether they stand under the source's names on the dedicated side
   */
  static List<FollowedTable> read(
      Connection source,
      DatabaseAccess target,
      MigrationContext context,
      CaptureState state,
      boolean isBase)
      throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    List<NoteTable> notes =
        state.notes(source, context, TenantCatalog.read(source, context.request()));
    int version =
        target.read(
            "follow",
            "read the version of",
            "the dedicated database",
            connection ->
                (int) Sql.number(connection, "SELECT current_setting('server_version_num')::int"));
    Map<Long, CopyFormat> formats =
        CopyFormat.of(source, notes.stream().map(NoteTable::oid).toList(), version);
    Map<Long, Map<String, String>> operators = operators(source, notes);
    Map<TableName, List<ReferenceColumn>> references = RequestedReferences.of(source, spec);
    Optional<StorageReferenceMapping> mapping = StorageReferenceMapping.of(context.request());
    Map<TableName, FollowedTable> byName = new HashMap<>();
    List<FollowedTable> tables = new ArrayList<>();
    for (NoteTable note : notes) {
      TenantTable table = note.table();
      FollowedTable followed =
          new FollowedTable(
              tables.size(),
              note,
              isBase ? table.rows() : table.rowsOnTarget(spec.targetSchema()),
              formats.getOrDefault(note.oid(), CopyFormat.BINARY),
              operators.getOrDefault(note.oid(), Map.of()),
              mapped(references.getOrDefault(table.name(), List.of()), mapping),
              note.parents().stream()
                  .map(key -> new FollowedTable.Parent(byName.get(key.referenced()), key))
                  .toList());
      byName.put(table.name(), followed);
      tables.add(followed);
    }
    return tables;
  }

  private static Map<Long, Map<String, String>> operators(Connection source, List<NoteTable> notes)
      throws SQLException {
    Map<Long, Map<String, String>> operators = new HashMap<>();
    Sql.forEach(
        source,
        OPERATORS,
        row ->
            operators
                .computeIfAbsent(row.getLong(1), oid -> new HashMap<>())
                .put(row.getString(2), row.getString(3)),
        Sql.array("int8", notes.stream().map(NoteTable::oid).toList()));
    return operators;
  }

  private static Map<String, String> mapped(
      List<ReferenceColumn> columns, Optional<StorageReferenceMapping> mapping) {
    Map<String, String> mapped = new HashMap<>();
    mapping.ifPresent(
        rules ->
            columns.forEach(
                column ->
                    mapped.put(
                        column.name(),
                        "CASE WHEN %s THEN %s ELSE t.%s END"
                            .formatted(
                                column.isMapped(rules),
                                column.mapped(rules),
                                Identifiers.quote(column.name())))));
    return mapped;
  }
}

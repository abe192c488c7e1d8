package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Lists rows in schemas that the request does not name: the tenant's by the tenant column, and
 * those that reference rows that move.
 */
final class RowsElsewhere {

  /** A plan of one schema does not read the whole database. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final String WITH_COLUMN =
      """
      SELECT n.nspname, c.relname, %s
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE a.attname = ? AND a.attnum > 0 AND NOT a.attisdropped
         AND n.nspname NOT IN (?, ?, 'information_schema') AND NOT starts_with(n.nspname::text, 'pg_')
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
       ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
      """
          .formatted(TableRows.hasChildren("c.oid"));

  private static final String REFERENCING =
      """
      SELECT DISTINCT n.nspname
        FROM pg_constraint con
        JOIN pg_class c ON c.oid = con.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class r ON r.oid = con.confrelid
        JOIN pg_namespace own ON own.oid = r.relnamespace
       WHERE con.contype = 'f' AND own.nspname = ? AND n.nspname NOT IN (?, ?)
       ORDER BY n.nspname
      """;

  private static final String REMEDY =
      "A request moves one schema: move the table into %s, or move these rows yourself before the"
          + " tenant works on the dedicated side.";

  private final Connection source;
  private final TenantTables tables;
  private final PlanNotes findings;
  private final TimeLimit limit = TimeLimit.ofAll(LIMIT);
  private final Set<TableName> told = new HashSet<>();

  RowsElsewhere(Connection source, TenantTables tables, PlanNotes findings) {
    this.source = source;
    this.tables = tables;
    this.findings = findings;
    told.addAll(tables.shared().tables().keySet());
  }

  /** Lists rows that have the tenant's key. */
  void withColumn(String tenantColumn, String tenantKey) throws SQLException {
    String own = tables.schema().name();
    List<TableRows> found =
        Sql.list(
            source,
            WITH_COLUMN,
            row ->
                new TableRows(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3)),
            tenantColumn,
            own,
            MigrationNames.FENCE_SCHEMA);
    for (TableRows rows : found) {
      tell(
          rows,
          "r.%s = %s".formatted(Identifiers.quote(tenantColumn), SqlLiterals.quote(tenantKey)),
          "rows of the tenant");
    }
  }

  /** Lists rows that reference the tenant's. */
  void referencing(List<TenantTable> readable) throws SQLException {
    String own = tables.schema().name();
    Map<TableName, TenantTable> moving =
        readable.stream()
            .filter(table -> table.scope() != Scope.REFERENCE)
            .collect(Collectors.toMap(TenantTable::name, Function.identity()));
    for (String schema : Sql.texts(source, REFERENCING, own, own, MigrationNames.FENCE_SCHEMA)) {
      for (ForeignKey key : SourceSchema.read(source, schema).foreignKeys()) {
        TenantTable table = moving.get(key.referenced());
        if (table != null) {
          tell(
              key.rows(schema),
              "EXISTS (SELECT 1 FROM %s AS t WHERE %s AND (%s))"
                  .formatted(table.rows().sql(), key.join(schema, "t", "r"), table.predicate()),
              "rows that reference the tenant's rows of %s (foreign key %s)"
                  .formatted(table.name().table(), key.name()));
        }
      }
    }
  }

  private void tell(TableRows rows, String condition, String what) throws SQLException {
    if (!told.add(rows.table())) {
      return;
    }
    Optional<Long> count;
    try {
      count =
          BoundedCount.of(
              source,
              limit,
              "SELECT count(*) FROM %s AS r WHERE %s".formatted(rows.sql(), condition));
    } catch (SQLException e) {
      if (cannotHoldTheKey(e)) {
        return;
      }
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
      count = Optional.empty();
    }
    String remedy = REMEDY.formatted(tables.schema().name());
    if (count.isEmpty()) {
      findings.leaveUncounted(
          rows.table(),
          "may have %s, which could not be counted, in a schema that the request does not name"
              .formatted(what),
          remedy);
    } else if (count.get() > 0) {
      findings.leave(
          rows.table(),
          count.get(),
          "are %s, in a schema that the request does not name".formatted(what),
          remedy);
    }
  }

  /** Class 22: no value of the column's type; 42883: the type has no equality here. */
  private static boolean cannotHoldTheKey(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("22") || state.equals("42883");
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Both databases as a check reads them, in transactions that cannot write, with the tables that
 * move read afresh from the shared side's catalog.
 *
 * <p>A transaction keeps a lock on each table that it reads, and on each index, in a table of the
 * server's that all its databases share and that is full at some thousands. So a check {@link
 * #release releases} them after each table; what it reads stays the same, as the tenant is fenced.
 */
final class BothDatabases implements AutoCloseable {

  private static final String TABLES_ELSEWHERE =
      """
      SELECT n.nspname, c.relname
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'f', 'm') AND NOT c.relispartition
         AND NOT starts_with(n.nspname::text, 'pg_')
         AND n.nspname NOT IN ('information_schema', ?, ?)
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                            AND e.deptype = 'e')
       ORDER BY n.nspname, c.relname
      """;

  private final MigrationRequest request;
  private final PostgresSpec spec;
  private final Connection source;
  private final Connection target;
  private final Optional<StorageReferenceMapping> mapping;
  private final Map<TableName, List<ReferenceColumn>> mappedColumns;

  private BothDatabases(
      MigrationRequest request, PostgresSpec spec, Connection source, Connection target)
      throws SQLException {
    this.request = request;
    this.spec = spec;
    this.source = source;
    this.target = target;
    this.mapping = StorageReferenceMapping.of(request);
    this.mappedColumns = mapping.isEmpty() ? Map.of() : RequestedReferences.of(source, spec);
  }

  /** Opens a snapshot of each side; the caller closes both with this. */
  static BothDatabases open(
      PostgresConnections connections, MigrationContext context, String what) {
    PostgresSpec spec =
        Objects.requireNonNull(context.request().postgres(), "request without postgres");
    Connection source = snapshot(DatabaseAccess.source(connections, context), what);
    try {
      return open(
          context, spec, source, snapshot(DatabaseAccess.target(connections, context), what));
    } catch (MigrationException e) {
      closeQuietly(source, e);
      throw e;
    }
  }

  /**
   * Both as two transactions see them, which whoever opened them ends: neither {@link #release} nor
   * {@link #close} is called.
   */
  static BothDatabases over(MigrationContext context, Connection source, Connection target) {
    return open(context, context.spec(PostgresSpec.class), source, target);
  }

  private static BothDatabases open(
      MigrationContext context, PostgresSpec spec, Connection source, Connection target) {
    try {
      return new BothDatabases(context.request(), spec, source, target);
    } catch (SQLException e) {
      MigrationException failure =
          PostgresFailures.translate("read the columns of schema", spec.sourceSchema(), e);
      closeQuietly(target, failure);
      throw failure;
    }
  }

  private static Connection snapshot(DatabaseAccess database, String what) {
    Connection connection = database.open(what);
    try {
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      return connection;
    } catch (SQLException e) {
      MigrationException failure =
          PostgresFailures.translate("begin a snapshot of", database.address().toString(), e);
      closeQuietly(connection, failure);
      throw failure;
    }
  }

  private static void closeQuietly(Connection connection, MigrationException failure) {
    try {
      connection.close();
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  Connection source() {
    return source;
  }

  Connection target() {
    return target;
  }

  PostgresSpec spec() {
    return spec;
  }

  /** The tables that move, read now, between two tables. */
  TenantTables tables() {
    try {
      // each statement is a transaction of its own, so that locks do not add up
      source.setAutoCommit(true);
      try {
        return TenantCatalog.read(source, request);
      } finally {
        source.setAutoCommit(false);
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of schema", spec.sourceSchema(), e);
    }
  }

  /**
   * Ends both transactions and begins new ones, so that the locks on what was read are given up.
   */
  void release() {
    try {
      source.commit();
      target.commit();
    } catch (SQLException e) {
      throw PostgresFailures.translate("end a look at", spec.sourceSchema(), e);
    }
  }

  /** The table's name on the dedicated side. */
  TableName onTarget(TenantTable table) {
    return table.onTarget(spec.targetSchema());
  }

  /** Its rows on the dedicated side. */
  TableRows rowsOnTarget(TenantTable table) {
    return table.rowsOnTarget(spec.targetSchema());
  }

  /** Whether a value of the table's rows is another one on the dedicated side. */
  boolean hasMappedColumn(TenantTable table) {
    return !mappedColumns(table).isEmpty();
  }

  /** Whether a column's values are others on the dedicated side. */
  boolean isMapped(TenantTable table, String column) {
    return mappedColumn(table, column).isPresent();
  }

  /** A value of the shared side as text, as it must be on the dedicated side. */
  String mapped(TenantTable table, String column) {
    return mappedColumn(table, column)
        .flatMap(found -> mapping.map(of -> "(%s)::text".formatted(found.mapped(of))))
        .orElseGet(() -> RowComparison.text(column));
  }

  private Optional<ReferenceColumn> mappedColumn(TenantTable table, String column) {
    return mappedColumns(table).stream().filter(found -> found.name().equals(column)).findFirst();
  }

  /** The columns of a table whose values are others on the dedicated side. */
  List<ReferenceColumn> mappedColumns(TenantTable table) {
    return mappedColumns.getOrDefault(table.name(), List.of());
  }

  /**
   * The tables of the dedicated schema, ordinary and partitioned ones without partitions, and of
   * those that moved along from other schemas the ones that are there.
   */
  Set<TableName> targetTables(TenantTables tables) {
    Set<TableName> found = new LinkedHashSet<>(tablesOfSchema());
    Set<TableName> elsewhere = new HashSet<>(tablesElsewhere());
    tables.shared().tables().keySet().stream().filter(elsewhere::contains).forEach(found::add);
    return found;
  }

  private List<TableName> tablesOfSchema() {
    String sql =
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            + " ORDER BY c.relname";
    try (PreparedStatement statement = target.prepareStatement(sql)) {
      statement.setString(1, spec.targetSchema());
      List<TableName> names = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(new TableName(spec.targetSchema(), rows.getString(1)));
        }
      }
      return names;
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of schema", spec.targetSchema(), e);
    }
  }

  /** The tables outside the dedicated schema that neither an extension nor this migration made. */
  List<TableName> tablesElsewhere() {
    try (PreparedStatement statement = target.prepareStatement(TABLES_ELSEWHERE)) {
      statement.setString(1, spec.targetSchema());
      statement.setString(2, MigrationNames.LEDGER_SCHEMA);
      List<TableName> names = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(new TableName(rows.getString(1), rows.getString(2)));
        }
      }
      return names;
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of", "the dedicated database", e);
    }
  }

  /** How many rows a query counts. */
  static long count(Connection side, TableRows table, String predicate) {
    String sql = "SELECT count(*) FROM %s AS t WHERE %s".formatted(table.sql(), predicate);
    try (Statement statement = side.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw PostgresFailures.translate("count the rows of", table.table().toString(), e);
    }
  }

  @Override
  public void close() {
    try (source;
        target) {
      // both are closed, whatever becomes of the first
    } catch (SQLException e) {
      throw PostgresFailures.translate("close a snapshot of", spec.sourceSchema(), e);
    }
  }
}

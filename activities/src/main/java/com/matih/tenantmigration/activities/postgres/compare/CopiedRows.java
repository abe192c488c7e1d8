package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.restore.PartLoader;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One table's rows as they were copied: the sealed snapshot's parts, loaded into a temporary table
 * beside the dedicated one, which vanishes with its session.
 */
final class CopiedRows implements AutoCloseable {

  private static final String TEMPORARY = "pg_temp";

  /** What is not partitioned is in no partition tree: it holds its rows itself. */
  private static final String LEAVES =
      """
      SELECT l.relname
        FROM pg_class c
       CROSS JOIN LATERAL (
             SELECT relid FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p' AND isleaf
              UNION ALL
             SELECT c.oid WHERE c.relkind = 'r') leaf(relid)
        JOIN pg_class l ON l.oid = leaf.relid
       WHERE c.oid = %s::regclass
      """;

  private final Connection session;
  private final TableName name;

  private CopiedRows(Connection session, TableName name) {
    this.session = session;
    this.name = name;
  }

  /**
   * Loads the parts of a table and of its partitions.
   *
   * @param moved the table
   * @param table its name on the target
   * @throws MigrationException of type CONTENT_MISMATCH where a part is damaged, or the snapshot
   *     does not know the table
   */
  static CopiedRows load(
      DatabaseAccess target,
      SnapshotStorage snapshot,
      TenantTable moved,
      TableName table,
      ProgressMonitor monitor) {
    SnapshotManifest manifest = SnapshotManifest.read(snapshot);
    CopiedRows rows =
        new CopiedRows(target.openForWrites("as copied"), new TableName(TEMPORARY, table.table()));
    boolean loaded = false;
    try {
      Set<String> leaves = rows.begin(moved, table);
      PartLoader loader =
          new PartLoader(
              rows.session,
              leaf -> rows.name,
              snapshot,
              new RowProgress(ProgressMonitor.unmonitored(), 0, 0));
      for (SnapshotManifest.Table copied : manifest.tables()) {
        if (leaves.remove(copied.table())) {
          for (SnapshotManifest.Part part : copied.parts()) {
            monitor.throwIfCancelled();
            loader.work(new PartLoader.TablePart(copied, part));
          }
        }
      }
      requireAll(leaves, snapshot);
      loaded = true;
      return rows;
    } catch (SQLException e) {
      monitor.throwIfCancelled();
      throw PostgresFailures.translate("load what was copied of", table.toString(), e);
    } finally {
      if (!loaded) {
        rows.close();
      }
    }
  }

  /**
   * Makes the temporary table; the answer names the tables that hold rows, as the snapshot does.
   */
  private Set<String> begin(TenantTable moved, TableName table) throws SQLException {
    session.setAutoCommit(false);
    Set<String> leaves = new HashSet<>();
    try (Statement statement = session.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING GENERATED)"
              .formatted(Identifiers.quote(name.table()), Identifiers.quote(table)));
    }
    for (String leaf : leaves(session, table)) {
      leaves.add(
          CopiedTable.nameOf(new TableName(moved.name().schema(), leaf), !moved.inSharedSchema()));
    }
    session.commit();
    return leaves;
  }

  /** The names of the tables that hold a table's rows: itself, or its leaves. */
  static List<String> leaves(Connection side, TableName table) throws SQLException {
    return Sql.list(
        side,
        LEAVES.formatted(SqlLiterals.quote(Identifiers.quote(table))),
        row -> row.getString(1));
  }

  /** A table of which nothing was loaded would pass for one that had no rows. */
  private static void requireAll(Set<String> notLoaded, SnapshotStorage snapshot) {
    if (!notLoaded.isEmpty()) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          "The sealed snapshot %s does not contain %s, so the copied rows are unknown."
              .formatted(snapshot.location(), String.join(", ", new TreeSet<>(notLoaded))));
    }
  }

  RowOrigin origin() {
    return new RowOrigin(session, TableRows.of(name), "true", true);
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(session);
  }
}

package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Change;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Puts a snapshot's changes in the place of the rows that were read before, without any key. */
final class ChangeLoader implements AutoCloseable {

  private final Connection target;
  private final String schema;
  private final PartReader parts;

  /** A loader that closes the connection. */
  ChangeLoader(Connection target, String schema, SnapshotStorage storage) {
    this.target = target;
    this.schema = schema;
    this.parts = new PartReader(target, storage);
  }

  /** Loads the changes of a table, in one transaction. */
  void load(Change change) {
    TableName table = CopiedTable.tableOf(change.table(), schema);
    try {
      target.setAutoCommit(false);
      String rows = temporary("changed_rows", change.columns(), table);
      parts.load(change.rows(), rows, change.columns(), change.format());
      if (change.replacesAll()) {
        Sql.execute(target, "DELETE FROM " + Identifiers.quote(table));
      } else {
        String gone = temporary("gone_keys", change.key(), table);
        parts.load(change.gone(), gone, change.key(), change.format());
        delete(table, gone, change.key());
        delete(table, rows, change.key());
      }
      Sql.execute(
          target,
          "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s"
              .formatted(
                  Identifiers.quote(table),
                  Identifiers.list(change.columns()),
                  Identifiers.list(change.columns()),
                  rows));
      target.commit();
    } catch (SQLException e) {
      throw PostgresFailures.translate("load the changes of", table.toString(), e);
    }
  }

  private String temporary(String name, List<String> columns, TableName like) throws SQLException {
    Sql.execute(
        target,
        "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA"
            .formatted(name, Identifiers.list(columns), Identifiers.quote(like)));
    return "pg_temp." + name;
  }

  private void delete(TableName table, String keys, List<String> key) throws SQLException {
    Sql.execute(
        target,
        "DELETE FROM %s AS t USING %s AS k WHERE %s"
            .formatted(
                Identifiers.quote(table),
                keys,
                key.stream()
                    .map(Identifiers::quote)
                    .map(column -> "t.%1$s = k.%1$s".formatted(column))
                    .collect(Collectors.joining(" AND "))));
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(target);
  }
}

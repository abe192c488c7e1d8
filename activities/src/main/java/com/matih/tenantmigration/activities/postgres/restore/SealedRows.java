package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Change;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One table's rows at the point of a sealed snapshot, in portions: each part as it was read,
 * without the rows that changed since, and then those that changed. A portion lies in a temporary
 * table of a session, so that no more than one part and the changes take room on the server.
 */
public final class SealedRows implements AutoCloseable {

  private static final TableName PORTION = new TableName("pg_temp", "sealed_portion");
  private static final TableName CHANGED = new TableName("pg_temp", "sealed_changes");
  private static final TableName GONE = new TableName("pg_temp", "sealed_gone");

  private final Connection session;
  private final PartReader parts;
  private final TableName like;
  private final List<SnapshotManifest.Table> tables;
  private final Optional<Change> change;

  private SealedRows(
      Connection session,
      SnapshotStorage storage,
      TableName like,
      List<SnapshotManifest.Table> tables,
      Optional<Change> change) {
    this.session = session;
    this.parts = new PartReader(session, storage);
    this.like = like;
    this.tables = tables;
    this.change = change;
  }

  /**
   * Loads what has changed of a table.
   *
   * @param session in the dedicated database; takes writes, and is the caller's to close
   * @param like the table there
   * @param name the table's name, as the snapshot writes it
   * @param holders the names of the tables that hold its rows: itself, or its leaves
   */
  public static SealedRows open(
      Connection session,
      SnapshotStorage storage,
      SnapshotManifest manifest,
      TableName like,
      String name,
      Set<String> holders)
      throws SQLException {
    SealedRows rows =
        new SealedRows(
            session,
            storage,
            like,
            manifest.tables().stream().filter(table -> holders.contains(table.table())).toList(),
            manifest.changes().stream().filter(each -> each.table().equals(name)).findFirst());
    session.setAutoCommit(false);
    rows.loadChanges();
    session.commit();
    return rows;
  }

  /** The table in whose form the portions are. */
  public TableName likeTable() {
    return like;
  }

  /** Looks at one portion; what it does there ends with it. */
  @FunctionalInterface
  public interface Look {

    /** Looks at a temporary table that is like the dedicated one. */
    void at(TableName portion) throws SQLException;
  }

  /** Hands over every row once; can be asked again. */
  public void forEachPortion(ProgressMonitor monitor, Look look) throws SQLException {
    if (change.isEmpty() || !change.get().replacesAll()) {
      for (SnapshotManifest.Table table : tables) {
        for (Part part : table.parts()) {
          monitor.throwIfCancelled();
          create(PORTION);
          load(part, PORTION, table.columns(), table.format());
          removeChanged();
          look.at(PORTION);
          drop(PORTION);
          session.commit();
        }
      }
    }
    if (change.isPresent()) {
      look.at(CHANGED);
      session.commit();
    }
  }

  private void loadChanges() throws SQLException {
    if (change.isEmpty()) {
      return;
    }
    Change changes = change.get();
    create(CHANGED);
    load(changes.rows(), CHANGED, changes.columns(), changes.format());
    if (!changes.replacesAll()) {
      Sql.execute(
          session,
          "CREATE TEMPORARY TABLE %s AS SELECT %s FROM %s WITH NO DATA"
              .formatted(
                  Identifiers.quote(GONE.table()),
                  Identifiers.list(changes.key()),
                  Identifiers.quote(like)));
      load(changes.gone(), GONE, changes.key(), changes.format());
    }
  }

  private void removeChanged() throws SQLException {
    if (change.isEmpty()) {
      return;
    }
    String sameKey =
        change.get().key().stream()
            .map(Identifiers::quote)
            .map(column -> "t.%1$s = k.%1$s".formatted(column))
            .collect(Collectors.joining(" AND "));
    for (TableName keys : List.of(GONE, CHANGED)) {
      Sql.execute(
          session,
          "DELETE FROM %s AS t USING %s AS k WHERE %s"
              .formatted(Identifiers.quote(PORTION), Identifiers.quote(keys), sameKey));
    }
  }

  private void create(TableName table) throws SQLException {
    Sql.execute(
        session,
        "CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING GENERATED)"
            .formatted(Identifiers.quote(table.table()), Identifiers.quote(like)));
  }

  private void load(Part part, TableName into, List<String> columns, CopyFormat format)
      throws SQLException {
    long unused = parts.load(part, Identifiers.quote(into), columns, format);
  }

  private void drop(TableName table) throws SQLException {
    Sql.execute(session, "DROP TABLE IF EXISTS " + Identifiers.quote(table));
  }

  @Override
  public void close() throws SQLException {
    session.rollback();
    for (TableName table : List.of(CHANGED, GONE)) {
      drop(table);
    }
    session.commit();
  }
}

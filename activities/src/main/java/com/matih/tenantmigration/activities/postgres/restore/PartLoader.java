package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Part;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest.Table;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

/** Loads parts of a snapshot, each in a transaction that commits only what was once written. */
public final class PartLoader implements WorkerPool.Worker<PartLoader.TablePart> {

  private final Connection target;
  private final Function<String, TableName> destination;
  private final PartReader parts;
  private final RowProgress progress;

  /**
   * A loader.
   *
   * @param destination the table that takes the rows of the table of that name
   */
  public PartLoader(
      Connection target,
      Function<String, TableName> destination,
      SnapshotStorage storage,
      RowProgress progress) {
    this.target = target;
    this.destination = destination;
    this.parts = new PartReader(target, storage);
    this.progress = progress;
  }

  /** A part, and the table it belongs to. */
  public record TablePart(Table table, Part part) {}

  @Override
  public void work(TablePart item) {
    TableName name = destination.apply(item.table().table());
    try {
      target.setAutoCommit(false);
      long rows =
          parts.load(
              item.part(), Identifiers.quote(name), item.table().columns(), item.table().format());
      target.commit();
      progress.add(rows, name.toString());
    } catch (SQLException e) {
      throw PostgresFailures.translate("load the rows of", name.toString(), e);
    }
  }

  @Override
  public void close() {
    DatabaseAccess.closeQuietly(target);
  }
}

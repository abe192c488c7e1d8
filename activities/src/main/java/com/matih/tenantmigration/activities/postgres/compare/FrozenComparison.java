package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.restore.SealedRows;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Compares, when the tenant works on the dedicated side, all of its frozen rows on the shared side
 * with the sealed snapshot: what no check can do while the tenant writes, for it takes as long as
 * the tenant is large. A row that differs was changed and not captured.
 *
 * <p>One table after the other, and of the snapshot one part: both are digested where they lie, and
 * digests add up. Only of a table that differs rows are compared one by one.
 */
public final class FrozenComparison {

  private static final TableName SUSPECTS = new TableName("pg_temp", "sealed_suspects");

  private final PostgresConnections connections;
  private final SnapshotStorage.Provider snapshots;

  /**
   * A comparison.
   *
   * @param snapshots where the sealed snapshot lies
   */
  public FrozenComparison(PostgresConnections connections, SnapshotStorage.Provider snapshots) {
    this.connections = connections;
    this.snapshots = snapshots;
  }

  /**
   * Fails where a row differs.
   *
   * @throws MigrationException of type CONTENT_MISMATCH, which names the first rows
   */
  public void requireEqual(MigrationContext context, ProgressMonitor monitor) {
    Finding finding = compare(context, monitor);
    if (finding.mismatchCount() > 0) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          ("%s on the shared side, where the tenant can no longer write, differ from what was"
                  + " carried over: %s. Compare them with the dedicated side, and apply by hand what"
                  + " the tenant needs of them.")
              .formatted(
                  Units.plural(finding.mismatchCount(), "row"),
                  String.join("; ", finding.namedMismatches())));
    }
  }

  /**
   * Compares; counts rows. Rows that are other tenants' too are not frozen, and left out.
   *
   * @throws MigrationException of type CONTENT_MISMATCH where a part of the snapshot is damaged
   */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    SnapshotStorage storage = snapshots.forMigration(context);
    SnapshotManifest manifest = SnapshotManifest.read(storage);
    Finding finding = new Finding();
    try (Connection frozen = DatabaseAccess.source(connections, context).open("frozen rows");
        Connection session =
            DatabaseAccess.target(connections, context).openForWrites("sealed rows")) {
      frozen.setReadOnly(true);
      TenantTables catalog = TenantCatalog.read(frozen, context.request());
      ColumnBytes bytes = ColumnBytes.read(frozen, spec.sourceSchema(), catalog.shared().schemas());
      List<TenantTable> tables =
          catalog.requireMovable().stream().filter(table -> !table.hasSharedRows()).toList();
      for (int i = 0; i < tables.size(); i++) {
        TenantTable table = tables.get(i);
        monitor.awaitShared();
        monitor.throwIfCancelled();
        monitor.update(
            new Progress(i, tables.size(), "tables", "comparing frozen " + table.name()));
        try (SealedRows sealed =
            SealedRows.open(
                session,
                storage,
                manifest,
                table.onTarget(spec.targetSchema()),
                CopiedTable.nameOf(table.name(), !table.inSharedSchema()),
                holders(frozen, table))) {
          new OfTable(table, bytes, frozen, session, sealed, monitor).compare(finding);
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("compare the frozen rows of", spec.sourceSchema(), e);
    }
    return finding;
  }

  private static Set<String> holders(Connection frozen, TenantTable table) throws SQLException {
    Set<String> names = new HashSet<>();
    for (String leaf : CopiedRows.leaves(frozen, table.name())) {
      names.add(
          CopiedTable.nameOf(new TableName(table.name().schema(), leaf), !table.inSharedSchema()));
    }
    return names;
  }

  private record OfTable(
      TenantTable table,
      ColumnBytes bytes,
      Connection frozen,
      Connection session,
      SealedRows sealed,
      ProgressMonitor monitor) {

    void compare(Finding finding) throws SQLException {
      RowDigests.Shape shape = shape();
      RowDigests ofFrozen = RowDigests.read(frozen(table.predicate()), shape);
      AtomicReference<RowDigests> ofSealed = new AtomicReference<>(RowDigests.none());
      sealed.forEachPortion(
          monitor,
          portion ->
              ofSealed.set(ofSealed.get().plus(RowDigests.read(sealed(portion, "true"), shape))));
      Set<Integer> differing = ofFrozen.differing(ofSealed.get());
      finding.compared(ofFrozen.rowsBeside(differing));
      monitor.readShared(table.bytesOf(ofFrozen.rowsBeside(Set.of())));
      if (!differing.isEmpty()) {
        compareRows(shape.isIn(differing), finding);
      }
    }

    private void compareRows(String suspect, Finding finding) throws SQLException {
      Sql.execute(
          session,
          "CREATE TEMPORARY TABLE %s AS SELECT * FROM %s WITH NO DATA"
              .formatted(
                  Identifiers.quote(SUSPECTS.table()), Identifiers.quote(sealed.likeTable())));
      sealed.forEachPortion(
          monitor,
          portion ->
              Sql.execute(
                  session,
                  "INSERT INTO %s SELECT * FROM %s AS t WHERE %s"
                      .formatted(
                          Identifiers.quote(SUSPECTS), Identifiers.quote(portion), suspect)));
      String suspectsOfTenant = "(%s) AND %s".formatted(table.predicate(), suspect);
      frozen.setAutoCommit(false);
      try (SortedRows here = sorted(frozen(suspectsOfTenant));
          SortedRows there = sorted(sealed(SUSPECTS, "true"))) {
        new RowMerge(table.name(), true, List.of(finding), monitor)
            .run(
                here,
                there,
                (key, ofFrozen, ofSealed) -> {
                  if (!ofFrozen.equals(ofSealed)) {
                    finding.mismatch("%s: row %s differs".formatted(table.name(), key));
                  }
                });
      }
      frozen.commit();
      frozen.setAutoCommit(true);
      Sql.execute(session, "DROP TABLE " + Identifiers.quote(SUSPECTS));
      session.commit();
    }

    private RowOrigin frozen(String predicate) {
      return new RowOrigin(frozen, table.rows(), predicate, true);
    }

    private RowOrigin sealed(TableName portion, String predicate) {
      return new RowOrigin(session, TableRows.of(portion), predicate, true);
    }

    private SortedRows sorted(RowOrigin rows) {
      return SortedRows.open(
          rows.connection(),
          rows.rows(),
          rows.predicate(),
          RowComparison.keyTexts(table),
          columns().stream().map(RowComparison::text).toList());
    }

    private RowDigests.Shape shape() {
      List<String> key = RowComparison.keyColumns(table);
      List<String> row = new ArrayList<>(key);
      columns().stream().filter(column -> !key.contains(column)).forEach(row::add);
      return new RowDigests.Shape(
          bytesOf(key), row.size() == key.size() ? List.of() : bytesOf(row));
    }

    private List<String> columns() {
      return Stream.concat(table.columns().stream(), table.generatedColumns().stream()).toList();
    }

    private List<String> bytesOf(List<String> columns) {
      return columns.stream().map(column -> bytes.of(table.name(), column)).toList();
    }
  }
}

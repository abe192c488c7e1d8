package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows the storage references of the dedicated database: each must point into the dedicated
 * storage, at an object that exists, unless its object was missing on the shared side already.
 * Values that point elsewhere, to neither side, are not the migration's to judge.
 */
public final class DedicatedReferences {

  private static final int FETCH_SIZE = 1_000;

  /** No object has a longer address: a key has at most 1,024 bytes, a bucket's name 63. */
  private static final int LONGEST = 2_048;

  private final PostgresConnections connections;
  private final MigrationJournal journal;
  private final ObjectPresence objects;

  public DedicatedReferences(
      PostgresConnections connections, MigrationJournal journal, ObjectPresence objects) {
    this.connections = connections;
    this.journal = journal;
    this.objects = objects;
  }

  /** Follows every reference; counts references. */
  public Finding follow(MigrationContext context, ProgressMonitor monitor) {
    Optional<StorageReferenceMapping> mapping = mapping(context);
    if (mapping.isEmpty()) {
      return Finding.notApplicable("the request names no storage references");
    }
    Finding finding = new Finding();
    LaterRows later = new LaterRows(connections, journal, context);
    try (BothDatabases both = BothDatabases.open(connections, context, "storage references")) {
      long round = context.tenantWorks() ? later.lastRound() : 0;
      long expected = 0;
      for (TenantTable table : both.tables().tables()) {
        for (ReferenceColumn column : both.mappedColumns(table)) {
          expected += sharedReferences(both, table, column, mapping.get());
          new Column(both, table, column, mapping.get(), context, finding).follow("true", monitor);
          both.release();
        }
      }
      later.looked(round, finding);
      if (expected == 0 && finding.comparedCount() == 0) {
        return Finding.notApplicable("no row refers to the tenant's storage");
      }
    }
    return finding;
  }

  /**
   * Follows the references of the rows that rounds have carried over since the last look that found
   * nothing wrong.
   */
  public Finding followLater(MigrationContext context, ProgressMonitor monitor) {
    Optional<StorageReferenceMapping> mapping = mapping(context);
    if (mapping.isEmpty()) {
      return Finding.notApplicable("the request names no storage references");
    }
    Finding finding = new Finding();
    LaterRows later = new LaterRows(connections, journal, context);
    long round = later.lastRound();
    Map<TableName, String> predicates = later.sinceLastLook();
    try (BothDatabases both = BothDatabases.open(connections, context, "later references")) {
      for (TenantTable table : both.tables().tables()) {
        String predicate = predicates.get(table.name());
        if (predicate != null) {
          for (ReferenceColumn column : both.mappedColumns(table)) {
            new Column(both, table, column, mapping.get(), context, finding)
                .follow(predicate, monitor);
            both.release();
          }
        }
      }
    }
    later.looked(round, finding);
    return finding.comparedCount() + finding.mismatchCount() == 0
        ? Finding.notApplicable("no row that came later refers to the tenant's storage")
        : finding;
  }

  private static Optional<StorageReferenceMapping> mapping(MigrationContext context) {
    return context.spec(PostgresSpec.class).storageReferences().isEmpty()
        ? Optional.empty()
        : StorageReferenceMapping.of(context.request());
  }

  private static long sharedReferences(
      BothDatabases both,
      TenantTable table,
      ReferenceColumn column,
      StorageReferenceMapping mapping) {
    return BothDatabases.count(
        both.source(),
        table.rows(),
        "(%s) AND %s".formatted(table.predicate(), column.isMapped(mapping)));
  }

  /** The references of one column. */
  private final class Column {

    private final BothDatabases both;
    private final TenantTable table;
    private final ReferenceColumn column;
    private final StorageReferenceMapping mapping;
    private final MigrationContext context;
    private final Finding finding;
    private final String name;
    private final Map<String, String> byKey = new LinkedHashMap<>();
    private long dangling;
    private String firstDangling = "";

    Column(
        BothDatabases both,
        TenantTable table,
        ReferenceColumn column,
        StorageReferenceMapping mapping,
        MigrationContext context,
        Finding finding) {
      this.both = both;
      this.table = table;
      this.column = column;
      this.mapping = mapping;
      this.context = context;
      this.finding = finding;
      this.name = "%s.%s".formatted(both.onTarget(table), column.name());
    }

    void follow(String predicate, ProgressMonitor monitor) {
      String sql =
          "SELECT left(one.v, %d) FROM %s AS t, %s WHERE one.v IS NOT NULL AND %s"
              .formatted(LONGEST, both.rowsOnTarget(table).sql(), column.texts(), predicate);
      try (Statement statement = both.target().createStatement()) {
        statement.setFetchSize(FETCH_SIZE);
        try (ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            take(rows.getString(1));
            if (byKey.size() == FETCH_SIZE) {
              monitor.throwIfCancelled();
              lookUp();
            }
          }
        }
      } catch (SQLException e) {
        throw PostgresFailures.translate("read the references of", name, e);
      }
      lookUp();
      if (dangling > 0) {
        finding.note(
            "%s has %s to objects that do not exist on the shared side either, such as %s"
                .formatted(name, Units.plural(dangling, "reference"), firstDangling));
      }
    }

    private void take(String value) {
      if (mapping.isDedicated(value)) {
        finding.compared(1);
        byKey.put(StorageReferenceMapping.key(value), value);
      } else if (mapping.isShared(value)) {
        finding.compared(1);
        finding.mismatch("%s still refers to the shared storage: %s".formatted(name, value));
      }
    }

    /** What was dangling before stays so, and is told; what the move has lost is a mismatch. */
    private void lookUp() {
      if (byKey.isEmpty()) {
        return;
      }
      List<String> missing =
          objects.missing(context, Side.DEDICATED, byKey.keySet()).stream().sorted().toList();
      Map<String, String> originals = new HashMap<>();
      for (String key : missing) {
        originals.put(
            StorageReferenceMapping.key(mapping.original(byKey.getOrDefault(key, ""))), key);
      }
      Set<String> absent =
          missing.isEmpty()
              ? Set.of()
              : objects.missing(context, Side.SHARED, originals.keySet()).stream()
                  .map(original -> originals.getOrDefault(original, ""))
                  .collect(Collectors.toSet());
      for (String key : missing) {
        if (absent.contains(key)) {
          dangling++;
          firstDangling = firstDangling.isEmpty() ? key : firstDangling;
        } else {
          finding.mismatch(
              "%s refers to an object that does not exist: %s".formatted(name, byKey.get(key)));
        }
      }
      byKey.clear();
    }
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the storage references of the dedicated database: each must point into the dedicated
 * storage, at an object that exists. Values that point elsewhere, to neither side, are not the
 * migration's to judge.
 */
public final class DedicatedReferences {

  private static final int FETCH_SIZE = 1_000;

  /** No object has a longer address: a key has at most 1,024 bytes, a bucket's name 63. */
  private static final int LONGEST = 2_048;

  private static final String SCHEME = "s3://";

  private final PostgresConnections connections;
  private final ObjectPresence objects;

  public DedicatedReferences(PostgresConnections connections, ObjectPresence objects) {
    this.connections = connections;
    this.objects = objects;
  }

  /** Follows every reference; counts references. */
  public Finding follow(MigrationContext context, ProgressMonitor monitor) {
    PostgresSpec spec = context.request().postgres();
    Optional<StorageReferenceMapping> mapping = StorageReferenceMapping.of(context.request());
    if (spec == null || spec.storageReferences().isEmpty() || mapping.isEmpty()) {
      return Finding.notApplicable("the request names no storage references");
    }
    Finding finding = new Finding();
    try (BothDatabases both = BothDatabases.open(connections, context, "storage references")) {
      long expected = 0;
      for (StorageReference reference : spec.storageReferences()) {
        expected += sharedReferences(both, reference, mapping.get());
        follow(both, reference, mapping.get(), context, monitor, finding);
        both.release();
      }
      if (expected == 0 && finding.comparedCount() == 0) {
        return Finding.notApplicable("no row refers to the tenant's storage");
      }
    }
    return finding;
  }

  private static long sharedReferences(
      BothDatabases both, StorageReference reference, StorageReferenceMapping mapping) {
    return both.tables().tables().stream()
        .filter(table -> table.isCalled(reference.table()))
        .mapToLong(
            table ->
                BothDatabases.count(
                    both.source(),
                    table.name(),
                    "(%s) AND %s"
                        .formatted(
                            table.predicate(),
                            mapping.condition(
                                "t." + Identifiers.quote(reference.column()) + "::text"))))
        .sum();
  }

  private void follow(
      BothDatabases both,
      StorageReference reference,
      StorageReferenceMapping mapping,
      MigrationContext context,
      ProgressMonitor monitor,
      Finding finding) {
    TableName table = new TableName(both.spec().targetSchema(), reference.table());
    String column = Identifiers.quote(reference.column());
    String sql =
        "SELECT left(%s::text, %d) FROM %s WHERE %s IS NOT NULL"
            .formatted(column, LONGEST, Identifiers.quote(table), column);
    Map<String, String> byKey = new LinkedHashMap<>();
    try (Statement statement = both.target().createStatement()) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          String value = rows.getString(1);
          if (mapping.isDedicated(value)) {
            finding.compared(1);
            byKey.put(key(value), value);
          } else if (mapping.isShared(value)) {
            finding.compared(1);
            finding.mismatch(
                "%s.%s still refers to the shared storage: %s"
                    .formatted(table, reference.column(), value));
          }
          if (byKey.size() == FETCH_SIZE) {
            monitor.throwIfCancelled();
            lookUp(byKey, table, reference, context, finding);
          }
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the references of", table.toString(), e);
    }
    lookUp(byKey, table, reference, context, finding);
  }

  private void lookUp(
      Map<String, String> byKey,
      TableName table,
      StorageReference reference,
      MigrationContext context,
      Finding finding) {
    List<String> missing = new ArrayList<>(objects.missing(context, byKey.keySet()));
    missing.sort(null);
    for (String key : missing) {
      finding.mismatch(
          "%s.%s refers to an object that does not exist: %s"
              .formatted(table, reference.column(), byKey.get(key)));
    }
    byKey.clear();
  }

  /** The object's key: what stands after the bucket. */
  private static String key(String reference) {
    return reference.substring(reference.indexOf('/', SCHEME.length()) + 1);
  }
}

package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Warns of storage references that stay as they are, since nothing moves what they point to. */
final class ForeignReferences {

  private ForeignReferences() {}

  static void examine(
      Connection source, MigrationRequest request, List<TenantTable> tables, PlanNotes findings)
      throws SQLException {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    Optional<StorageReferenceMapping> mapping = StorageReferenceMapping.of(request);
    for (PostgresSpec.StorageReference reference : spec.storageReferences()) {
      Optional<TenantTable> table =
          tables.stream()
              .filter(candidate -> names(reference, candidate))
              // another column is refused elsewhere
              .filter(candidate -> candidate.columns().contains(reference.column()))
              .findFirst();
      if (table.isEmpty()) {
        continue;
      }
      String object = table.get().name() + "." + reference.column();
      if (mapping.isEmpty()) {
        findings.warn(
            object,
            "has storage references, but the request moves no objects: they will still refer to the"
                + " shared storage.");
        continue;
      }
      long staying = count(source, table.get(), reference.column(), mapping.get());
      if (staying > 0) {
        findings.warn(
            object,
            "has %d values that do not refer to %s; they are not rewritten."
                .formatted(staying, mapping.get().from()));
      }
    }
  }

  private static boolean names(PostgresSpec.StorageReference reference, TenantTable table) {
    return table.isCalled(reference.table());
  }

  private static long count(
      Connection source, TenantTable table, String column, StorageReferenceMapping mapping)
      throws SQLException {
    String value = "t." + Identifiers.quote(column) + "::text";
    return Sql.number(
        source,
        "SELECT count(*) FROM %s AS t WHERE (%s) AND NOT (%s)"
            .formatted(
                Identifiers.quote(table.name()), table.predicate(), mapping.condition(value)));
  }
}

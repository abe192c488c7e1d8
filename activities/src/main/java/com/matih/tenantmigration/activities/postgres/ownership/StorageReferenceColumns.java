package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.Optional;
import java.util.Set;

/** Refuses storage references of the request that name no column which can be rewritten. */
final class StorageReferenceColumns {

  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar");

  private StorageReferenceColumns() {}

  static void examine(
      PostgresSpec spec, SourceSchema schema, Set<String> moving, PlanNotes findings) {
    for (PostgresSpec.StorageReference reference : spec.storageReferences()) {
      String table = reference.table();
      String object = "%s.%s.%s".formatted(schema.name(), table, reference.column());
      if (!moving.contains(table)) {
        findings.refuse(
            object,
            "is listed in storageReferences, but no such table is migrated",
            "Correct storageReferences.");
        continue;
      }
      SourceTable source = schema.tables().get(table);
      obstacle(source, reference.column())
          .ifPresent(
              reason ->
                  findings.refuse(
                      object,
                      reason,
                      "List a column of type text or varchar that is not part of a key."));
    }
  }

  private static Optional<String> obstacle(SourceTable table, String column) {
    Optional<SourceTable.Column> found = table.column(column);
    if (found.isEmpty()) {
      return Optional.of("is listed in storageReferences and does not exist");
    }
    if (!TEXTS.contains(found.get().typeName()) || found.get().type().endsWith("[]")) {
      return Optional.of(
          "is listed in storageReferences and is of type %s".formatted(found.get().type()));
    }
    if (found.get().generated()) {
      return Optional.of("is listed in storageReferences and is a generated column");
    }
    return table.primaryKey().contains(column)
        ? Optional.of("is listed in storageReferences and is part of the primary key")
        : Optional.empty();
  }
}

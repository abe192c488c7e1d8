package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn.Form;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.Optional;
import java.util.Set;

/** Refuses storage references of the request that name no column which can be rewritten. */
final class StorageReferenceColumns {

  private StorageReferenceColumns() {}

  static void examine(
      PostgresSpec spec, SourceSchema schema, Set<String> moving, PlanNotes findings) {
    for (PostgresSpec.StorageReference reference : spec.storageReferences()) {
      String table = RequestedReferences.table(reference, spec);
      String object = "%s.%s.%s".formatted(schema.name(), table, reference.column());
      if (!moving.contains(table)) {
        findings.refuse(
            object,
            "is listed in storageReferences, but no such table is migrated",
            "Correct storageReferences.");
        continue;
      }
      SourceTable source = schema.tables().get(table);
      obstacle(schema, source, reference.column())
          .ifPresent(
              reason ->
                  findings.refuse(
                      object,
                      reason,
                      "List a column of type text, varchar, json, jsonb or an array of texts that is not"
                          + " part of a key."));
    }
  }

  private static Optional<String> obstacle(SourceSchema schema, SourceTable table, String column) {
    Optional<SourceTable.Column> found = table.column(column);
    if (found.isEmpty()) {
      return Optional.of("is listed in storageReferences and does not exist");
    }
    if (Form.of(withoutLength(found.get().type())).isEmpty()) {
      return Optional.of(
          "is listed in storageReferences and is of type %s".formatted(found.get().type()));
    }
    if (found.get().generated()) {
      return Optional.of("is listed in storageReferences and is a generated column");
    }
    if (table.primaryKey().contains(column)) {
      return Optional.of("is listed in storageReferences and is part of the primary key");
    }
    return schema.foreignKeys().stream()
        .filter(key -> isPartOf(key, table, column))
        .findFirst()
        .map(
            key ->
                "is listed in storageReferences and is part of the foreign key %s of %s"
                    .formatted(key.name(), key.table()));
  }

  private static boolean isPartOf(ForeignKey key, SourceTable table, String column) {
    return (key.table().equals(table.name()) && key.columns().contains(column))
        || (key.referenced().equals(table.name()) && key.referencedColumns().contains(column));
  }

  /** Such as {@code character varying} for {@code character varying(60)}. */
  private static String withoutLength(String type) {
    return type.replaceFirst("\\(\\d+\\)", "");
  }
}

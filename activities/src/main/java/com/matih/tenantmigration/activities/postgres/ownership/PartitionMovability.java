package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.OddPartition;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;

/** Refuses partitions by their form. */
final class PartitionMovability {

  private PartitionMovability() {}

  static void refuse(OddPartition odd, PlanNotes findings) {
    TableName root = odd.root();
    switch (odd.oddity()) {
      case FOREIGN ->
          findings.refuse(
              odd.partition(),
              "is a foreign table and a partition of %s: its rows are on another server"
                  .formatted(root),
              "Detach it, or name %s in excludeTables.".formatted(root));
      case IN_ANOTHER_SCHEMA ->
          findings.refuse(
              odd.partition(),
              "is a partition of %s in another schema, which is not migrated".formatted(root),
              "ALTER TABLE … SET SCHEMA %s, or name %s in excludeTables."
                  .formatted(Identifiers.quote(root.schema()), root));
      case HASHED_BY_ENUM ->
          findings.refuse(
              odd.partition(),
              "is partitioned by the hash of an enum, whose values hash differently in each"
                  + " database",
              "Partition it by LIST or by another column, or name %s in excludeTables."
                  .formatted(root));
      case DETACH_PENDING ->
          findings.refuse(
              odd.partition(),
              "is a partition of %s whose DETACH CONCURRENTLY was interrupted: queries of %s do not"
                      .formatted(root, root.table())
                  + " find its rows, and the table cannot be fenced",
              "ALTER TABLE … DETACH PARTITION %s FINALIZE; then it is a table of its own, which moves"
                      .formatted(Identifiers.quote(odd.partition()))
                  + " unless excludeTables names it.");
    }
  }
}

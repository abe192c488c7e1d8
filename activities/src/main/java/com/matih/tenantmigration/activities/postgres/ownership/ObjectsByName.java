package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at columns that refer to objects of the database and are moved by these objects' names,
 * such as the text search configuration of each row: they move where the tenant's rows refer to
 * nothing but what PostgreSQL itself brings, which other databases have too.
 */
final class ObjectsByName {

  private static final Set<String> TYPES = Set.of("regconfig", "regdictionary", "regtype");

  /** From here on numbers are given to what users create (FirstNormalObjectId). */
  private static final int FIRST_OF_USERS = 16_384;

  private ObjectsByName() {}

  /** Whether what the column refers to, and not its type alone, tells if it moves. */
  static boolean isOne(SourceTable.Column column) {
    return TYPES.contains(column.typeName()) && column.type().equals(column.typeName());
  }

  /** Refuses columns that refer to what users created, or that could not be looked at in time. */
  static void examine(
      Connection source,
      TenantTables tables,
      Iterable<TenantTable> readable,
      TimeLimit limit,
      PlanNotes findings)
      throws SQLException {
    for (TenantTable table : readable) {
      for (SourceTable.Column column : tables.described(table).columns()) {
        if (isOne(column) && !column.generated()) {
          Optional<Long> count =
              BoundedCount.of(
                  source,
                  limit,
                  "SELECT count(*) FROM %s AS t WHERE (%s) AND t.%s::oid >= %d"
                      .formatted(
                          table.rows().sql(),
                          table.predicate(),
                          Identifiers.quote(column.name()),
                          FIRST_OF_USERS));
          if (count.isEmpty() || count.get() > 0) {
            refuse(table, column, count, findings);
          }
        }
      }
    }
  }

  private static void refuse(
      TenantTable table, SourceTable.Column column, Optional<Long> count, PlanNotes findings) {
    findings.refuse(
        table.name(),
        "has the column %s of type %s, which refers to objects of this database by number, and %s"
            .formatted(
                column.name(),
                column.type(),
                count
                    .map(
                        rows ->
                            "%s of the tenant %s to what is not PostgreSQL's own"
                                .formatted(
                                    Units.plural(rows, "row"), rows == 1 ? "refers" : "refer"))
                    .orElse("its rows could not be looked at in time")),
        "Store the name instead, or name the table in excludeTables.");
  }
}

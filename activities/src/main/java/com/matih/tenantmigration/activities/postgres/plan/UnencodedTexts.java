package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Refuses tables of a database of encoding SQL_ASCII whose texts are not UTF-8: such a database
 * takes any bytes, and the driver reads and writes UTF-8 alone.
 */
final class UnencodedTexts {

  private static final String SQL_ASCII = "SQL_ASCII";

  /** character_not_in_repertoire. */
  private static final String NOT_ENCODED = "22021";

  private UnencodedTexts() {}

  static void examine(
      Connection source, DatabaseTemplate template, List<TenantTable> moving, PlanNotes notes)
      throws SQLException {
    if (!template.encoding().equals(SQL_ASCII)) {
      return;
    }
    notes.warn(
        "postgres.source",
        "is a database of encoding SQL_ASCII, which takes any bytes for text. Texts of the tenant"
            + " that are not UTF-8 cannot be moved: if services write such texts before the tenant"
            + " is read-only, the migration fails and is rolled back.");
    for (TenantTable table : moving) {
      examine(source, table, notes);
    }
  }

  private static void examine(Connection source, TenantTable table, PlanNotes notes)
      throws SQLException {
    try {
      Optional<Long> read =
          BoundedCount.of(
              source,
              TimeLimit.OF_PLAN,
              // the server stops at the first byte that is not UTF-8
              "SELECT count(convert_from(textsend((t.*)::text), 'UTF8')) FROM %s AS t WHERE %s"
                  .formatted(table.rows().sql(), table.predicate()));
      if (read.isEmpty()) {
        notes.warn(
            table.name(),
            "could not be read within %d s to see whether its texts are UTF-8."
                .formatted(BoundedCount.OF_PLAN.toSeconds()));
      }
    } catch (SQLException e) {
      if (!NOT_ENCODED.equals(e.getSQLState())) {
        throw e;
      }
      notes.refuse(
          table.name(),
          "has rows of the tenant with texts that are not UTF-8, in a database of encoding"
              + " SQL_ASCII: they can be neither read nor written as they are",
          "Convert those texts, for example with convert(textsend(column), 'LATIN1', 'UTF8'), keep"
              + " such bytes in a column of type bytea, or name the table in excludeTables.");
    }
  }
}

package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says which columns of type {@code oid} hold large objects, by what the tenant's rows hold, and
 * what of the large objects stays behind.
 */
final class LargeObjectJudge {

  private static final String OBJECT = "large objects";

  private static final String COUNTS =
      """
      SELECT count(*) FILTER (WHERE m.oid IS NOT NULL) AS objects,
             count(*) FILTER (WHERE m.oid IS NULL) AS others,
             count(*) FILTER (WHERE m.oid IS NOT NULL
                              AND NOT pg_has_role(m.lomowner, 'USAGE')
                              AND NOT EXISTS (
                                  SELECT 1 FROM aclexplode(m.lomacl) a
                                   WHERE a.privilege_type = 'SELECT'
                                     AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
                              AND current_setting('lo_compat_privileges') = 'off') AS unreadable
        FROM (SELECT DISTINCT number FROM (%s) n) r
        LEFT JOIN pg_largeobject_metadata m ON m.oid = r.number
      """;

  private LargeObjectJudge() {}

  /** Examines the columns of tables whose rows can be read. */
  static void examine(Connection source, List<TenantTable> tables, PlanNotes findings)
      throws SQLException {
    List<LargeObjectColumn> columns = LargeObjectColumns.of(source, tables);
    for (LargeObjectColumn column : columns) {
      Sql.forEach(
          source,
          COUNTS.formatted(column.numbers()),
          row ->
              examine(
                  column,
                  row.getLong("objects"),
                  row.getLong("others"),
                  row.getLong("unreadable"),
                  findings));
    }
    leaveUnreferenced(source, findings);
  }

  private static void examine(
      LargeObjectColumn column, long objects, long others, long unreadable, PlanNotes findings) {
    if (others > 0 && column.declared()) {
      findings.warn(
          column,
          "refers to %s that the database does not have. The rows are moved as they are."
              .formatted(Units.plural(others, "large object")));
    } else if (others > 0) {
      findings.refuse(
          column,
          (objects == 0
                  ? "is of type oid and refers to other objects of this database by number, never to a large object (values: %2$,d)"
                  : "is of type oid, and in the tenant's rows it has numbers of large objects (%1$,d) and other numbers (%2$,d)")
              .formatted(objects, others),
          "Store names instead of numbers of objects. Where the column is meant for large objects,"
              + " set numbers of removed ones to NULL or give the column the type lo of the"
              + " extension lo. Otherwise name the table in excludeTables.");
    }
    if (unreadable > 0) {
      findings.refuse(
          column,
          "refers to %s that the source's user may not read"
              .formatted(Units.plural(unreadable, "large object")),
          "GRANT SELECT ON LARGE OBJECT ... to the user, or grant it the role that owns them.");
    }
  }

  /** As the program vacuumlo counts them: in no column of type oid of any table. */
  private static void leaveUnreferenced(Connection source, PlanNotes findings) throws SQLException {
    if (!Sql.isTrue(source, "SELECT EXISTS (SELECT 1 FROM pg_largeobject_metadata)")) {
      return;
    }
    List<String> references =
        Sql.texts(
            source,
            """
            SELECT format('SELECT %I::oid FROM ONLY %I.%I WHERE %I IS NOT NULL',
                          a.attname, n.nspname, c.relname, a.attname)
              FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_type t ON t.oid = a.atttypid
             WHERE c.relkind IN ('r', 'm') AND a.attnum > 0 AND NOT a.attisdropped
               AND 'pg_catalog.oid'::regtype IN (t.oid, t.typbasetype)
               AND n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND NOT starts_with(n.nspname::text, 'pg_')
               AND has_table_privilege(c.oid, 'SELECT')
            """);
    String condition =
        references.isEmpty()
            ? "true"
            : references.stream().collect(Collectors.joining(" UNION ALL ", "oid NOT IN (", ")"));
    Optional<Long> count =
        BoundedCount.of(
            source,
            BoundedCount.OF_PLAN,
            "SELECT count(*) FROM pg_largeobject_metadata WHERE " + condition);
    if (count.isEmpty() || count.get() > 0) {
      findings.leave(
          OBJECT,
          count.orElse(LeftBehind.UNKNOWN),
          "are referenced by no row of the shared database",
          "Have a row of the tenant refer to those that are the tenant's.");
    }
  }
}

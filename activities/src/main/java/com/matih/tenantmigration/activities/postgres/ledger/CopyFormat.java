package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The form in which a table's rows travel. */
public enum CopyFormat {
  /** Quick, and exact to the bit. */
  BINARY,
  /** For types whose binary form means something in their own database alone. */
  TEXT;

  /** From this version on, the numbers of types that are not built in may differ (its notes). */
  private static final int IGNORES_USER_TYPE_NUMBERS = 150_000;

  /**
   * Looks at all types of the table's columns, and at those that they are made of: types without a
   * binary form, types that name an object by its number, and, for targets that insist on it,
   * arrays and composites of types that have another number there.
   */
  private static final String TYPES =
      """
      WITH RECURSIVE part(relation, oid) AS (
        SELECT a.attrelid, a.atttypid FROM pg_attribute a
         WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attgenerated = ''
        UNION
        SELECT part.relation, inner_part.oid
          FROM part
          JOIN pg_type t ON t.oid = part.oid
         CROSS JOIN LATERAL (
               SELECT t.typelem WHERE t.typelem <> 0 AND t.typlen = -1
                UNION ALL
               SELECT t.typbasetype WHERE t.typbasetype <> 0
                UNION ALL
               SELECT a.atttypid FROM pg_attribute a
                WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0
                  AND NOT a.attisdropped
                UNION ALL
               SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid) inner_part(oid))
      SELECT part.relation,
             coalesce(bool_or(t.typsend = 0 OR t.typreceive = 0
                              OR t.oid = 'pg_catalog.tsquery'::pg_catalog.regtype), false),
             coalesce(bool_or(t.typname ~ '^reg' AND t.typnamespace = 'pg_catalog'::regnamespace),
                      false),
             coalesce(bool_or(t.typtype = 'c' OR (t.typlen = -1 AND t.typelem >= 16384)), false)
        FROM part JOIN pg_type t ON t.oid = part.oid
       GROUP BY part.relation
      """;

  /**
   * The form for a table.
   *
   * @param targetVersion the dedicated server's version number
   */
  public static CopyFormat of(Connection source, long table, int targetVersion)
      throws SQLException {
    return of(source, List.of(table), targetVersion).getOrDefault(table, BINARY);
  }

  /**
   * The forms for tables, by their oids; one that has no columns is not among them.
   *
   * @param targetVersion the dedicated server's version number
   */
  public static Map<Long, CopyFormat> of(
      Connection source, Collection<Long> tables, int targetVersion) throws SQLException {
    Map<Long, CopyFormat> forms = new HashMap<>();
    Sql.forEach(
        source,
        TYPES,
        row -> {
          // an empty tsquery is written in binary form and not read again
          boolean hasNoBinaryForm = row.getBoolean(2);
          boolean namesObjects = row.getBoolean(3);
          boolean nestsUserTypes = row.getBoolean(4) && targetVersion < IGNORES_USER_TYPE_NUMBERS;
          forms.put(
              row.getLong(1), hasNoBinaryForm || namesObjects || nestsUserTypes ? TEXT : BINARY);
        },
        Sql.array("int8", tables));
    return forms;
  }

  /** The option of COPY. */
  public String option() {
    return switch (this) {
      case BINARY -> "(FORMAT binary)";
      case TEXT -> "(FORMAT text)";
    };
  }
}

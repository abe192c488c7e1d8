package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;

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
      WITH RECURSIVE part(oid) AS (
        SELECT a.atttypid FROM pg_attribute a
         WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        UNION
        SELECT inner_part.oid
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
      SELECT coalesce(bool_or(t.typsend = 0 OR t.typreceive = 0
                              OR t.oid = 'pg_catalog.tsquery'::pg_catalog.regtype), false),
             coalesce(bool_or(t.typname ~ '^reg' AND t.typnamespace = 'pg_catalog'::regnamespace),
                      false),
             coalesce(bool_or(t.typtype = 'c' OR (t.typlen = -1 AND t.typelem >= 16384)), false)
        FROM part JOIN pg_type t ON t.oid = part.oid
      """;

  /**
   * The form for a table.
   *
   * @param targetVersion the dedicated server's version number
   */
  public static CopyFormat of(Connection source, long table, int targetVersion)
      throws SQLException {
    return Sql.one(
        source,
        TYPES,
        row -> {
          // an empty tsquery is written in binary form and not read again
          boolean hasNoBinaryForm = row.getBoolean(1);
          boolean namesObjects = row.getBoolean(2);
          boolean nestsUserTypes = row.getBoolean(3) && targetVersion < IGNORES_USER_TYPE_NUMBERS;
          return hasNoBinaryForm || namesObjects || nestsUserTypes ? TEXT : BINARY;
        },
        table);
  }

  /** The option of COPY. */
  public String option() {
    return switch (this) {
      case BINARY -> "(FORMAT binary)";
      case TEXT -> "(FORMAT text)";
    };
  }
}

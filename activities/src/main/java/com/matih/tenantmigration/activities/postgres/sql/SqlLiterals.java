package com.matih.tenantmigration.activities.postgres.sql;

/**
 * Quotes values for statements that take no parameters, such as COPY and CREATE TRIGGER.
 *
 * <p>A literal without a type takes the type of what it is compared with (the PostgreSQL manual,
 * "Operator Type Resolution", step 2a), so the same literal serves text, uuid and integer columns.
 */
public final class SqlLiterals {

  private SqlLiterals() {}

  /**
   * The value as a string constant that means the same whatever {@code standard_conforming_strings}
   * says: one with a backslash is written as an escape string.
   *
   * @throws IllegalArgumentException for a value with a NUL character, which PostgreSQL cannot hold
   */
  public static String quote(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("PostgreSQL holds no text with a NUL character");
    }
    String doubled = value.replace("'", "''");
    // the blank keeps the E from joining a word before it
    return doubled.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : " E'" + doubled.replace("\\", "\\\\") + "'";
  }
}

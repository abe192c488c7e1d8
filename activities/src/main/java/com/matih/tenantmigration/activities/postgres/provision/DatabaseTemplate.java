package com.matih.tenantmigration.activities.postgres.provision;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What a database is made with and can never change: encoding and locale.
 *
 * @param provider {@code c} (the C library), {@code i} (ICU) or {@code b} (built in); {@code c}
 *     before PostgreSQL 15, which knows no other
 * @param locale the provider's own locale, where it is not the C library
 */
public record DatabaseTemplate(
    String encoding, String collate, String ctype, String provider, @Nullable String locale) {

  /** Columns came and were renamed with versions 15 and 17, hence the detour by JSON. */
  private static final String READ =
      """
      SELECT pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
             coalesce(j.d ->> 'datlocprovider', 'c'),
             coalesce(j.d ->> 'datlocale', j.d ->> 'daticulocale')
        FROM pg_database d, LATERAL (SELECT to_jsonb(d) AS d) j
       WHERE d.datname = current_database()
      """;

  /** Reads it from the database that the connection is to. */
  public static DatabaseTemplate read(Connection connection) throws SQLException {
    return Sql.one(
        connection,
        READ,
        row ->
            new DatabaseTemplate(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5)));
  }

  /** The statement that creates a database alike; not allowed in a transaction. */
  public String createDatabase(String name) {
    String sql =
        "CREATE DATABASE %s TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s"
            .formatted(
                Identifiers.quote(name),
                SqlLiterals.quote(encoding),
                SqlLiterals.quote(collate),
                SqlLiterals.quote(ctype));
    if (locale == null || provider.equals("c")) {
      return sql;
    }
    return provider.equals("i")
        ? sql + " LOCALE_PROVIDER icu ICU_LOCALE " + SqlLiterals.quote(locale)
        : sql + " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + SqlLiterals.quote(locale);
  }
}

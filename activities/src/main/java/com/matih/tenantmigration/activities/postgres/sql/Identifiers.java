package com.matih.tenantmigration.activities.postgres.sql;

import java.util.Collection;
import java.util.stream.Collectors;

/** Quotes names, which may hold anything but the NUL character, for use in SQL. */
public final class Identifiers {

  /** The longest name in bytes; PostgreSQL cuts longer ones (NAMEDATALEN - 1). */
  public static final int MAX_BYTES = 63;

  private Identifiers() {}

  /**
   * The name in double quotes.
   *
   * @throws IllegalArgumentException for what is no name: an empty text or one with a NUL
   */
  public static String quote(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a name: it is empty or holds a NUL character");
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** {@code "schema"."table"}. */
  public static String quote(TableName name) {
    return quote(name.schema()) + "." + quote(name.table());
  }

  /** {@code "a", "b"}. */
  public static String list(Collection<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  /** {@code alias."a", alias."b"}; the alias is taken as it stands. */
  public static String list(String alias, Collection<String> names) {
    return names.stream().map(name -> alias + "." + quote(name)).collect(Collectors.joining(", "));
  }

  /**
   * {@code coalesce("a", NULL) AS "a"}: the columns for a table that is made of a query and has
   * NULLs where the queried one has none. A domain may refuse them; with a NULL beside it a value
   * of a domain is one of its base type.
   */
  public static String nullable(Collection<String> names) {
    return names.stream()
        .map(name -> "coalesce(%1$s, NULL) AS %1$s".formatted(quote(name)))
        .collect(Collectors.joining(", "));
  }
}

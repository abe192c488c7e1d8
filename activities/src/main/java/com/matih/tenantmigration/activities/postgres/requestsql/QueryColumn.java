package com.matih.tenantmigration.activities.postgres.requestsql;

import java.util.Set;
import org.postgresql.core.Oid;

/**
 * A column of a query's answer, as the server describes it before the query has run.
 *
 * @param type the type's {@code pg_type.oid}; of a domain, that of the type below it
 */
public record QueryColumn(String label, int type) {

  private static final Set<Integer> NUMBERS =
      Set.of(Oid.INT2, Oid.INT4, Oid.INT8, Oid.FLOAT4, Oid.FLOAT8, Oid.NUMERIC);

  private static final Set<Integer> TEXTS = Set.of(Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR);

  /** A regular expression that matches the text of every value, and maybe others. */
  public String texts() {
    return switch (type) {
      case Oid.INT2, Oid.INT4, Oid.INT8, Oid.OID -> "-?\\d+";
      case Oid.UUID -> "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
      case Oid.BOOL -> "[tf]";
      case Oid.DATE -> "[-0-9]+( BC)?|-?infinity";
      default -> ".*";
    };
  }

  public boolean isBytes() {
    return type == Oid.BYTEA;
  }

  /** Whether its values are numbers, or texts that may be some. */
  public boolean mayBeNumber() {
    return NUMBERS.contains(type) || TEXTS.contains(type);
  }
}

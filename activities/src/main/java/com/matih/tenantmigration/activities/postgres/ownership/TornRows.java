package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks for rows whose foreign keys do not agree on whose they are: one leads to the tenant and
 * another to somebody else.
 */
final class TornRows {

  private TornRows() {}

  /** Why the table is ambiguous, or empty where all its rows agree. */
  static Optional<String> find(Connection source, TableRows table, List<Way> ways)
      throws SQLException {
    return ways.size() > 1 && exists(source, table, waysDisagree(table.table().schema(), ways))
        ? Optional.of(
            "is ambiguous: it has rows whose foreign keys (%s) lead to different tenants"
                .formatted(names(ways)))
        : Optional.empty();
  }

  static String names(List<Way> ways) {
    return ways.stream().map(way -> way.key().name()).collect(Collectors.joining(", "));
  }

  /** True where one way leads to the tenant and another one, which is set, does not. */
  private static String waysDisagree(String schema, List<Way> ways) {
    List<String> ours = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    for (Way way : ways) {
      String leadsToTenant = way.sql(schema, "t", 1);
      ours.add(leadsToTenant);
      theirs.add("(%s AND NOT %s)".formatted(way.isSet("t"), leadsToTenant));
    }
    return "(%s) AND (%s)".formatted(String.join(" OR ", ours), String.join(" OR ", theirs));
  }

  private static boolean exists(Connection source, TableRows table, String condition)
      throws SQLException {
    return Sql.isTrue(
        source, "SELECT EXISTS (SELECT 1 FROM %s AS t WHERE %s)".formatted(table.sql(), condition));
  }
}

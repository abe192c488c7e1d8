package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Gives functions that have a {@code search_path} of their own the schema's new name in it: it is a
 * list of names in the catalog, which a rename of the schema leaves as it is.
 */
final class FunctionSearchPaths {

  private static final String FUNCTIONS =
      """
      SELECT (pg_identify_object('pg_proc'::regclass, f.oid, 0)).identity, f.prokind = 'p',
             substr(setting, length('search_path=') + 1)
        FROM pg_proc f
        JOIN pg_namespace n ON n.oid = f.pronamespace, unnest(f.proconfig) setting
       WHERE n.nspname = ? AND starts_with(setting, 'search_path=')
         AND NOT EXISTS (SELECT 1 FROM pg_depend e
                          WHERE e.classid = 'pg_proc'::regclass AND e.objid = f.oid
                            AND e.deptype = 'e')
      """;

  /** A name of the list, in double quotes or not. */
  private static final Pattern NAME = Pattern.compile("\"(?:[^\"]|\"\")*\"|[^,\\s\"]+");

  private FunctionSearchPaths() {}

  private record Function(String identity, boolean isProcedure, String path) {}

  /** Changes the functions of the schema, which has its new name already. */
  static void rename(Connection connection, String from, String to) throws SQLException {
    for (Function function :
        Sql.list(
            connection,
            FUNCTIONS,
            row -> new Function(row.getString(1), row.getBoolean(2), row.getString(3)),
            to)) {
      List<String> names = names(function.path());
      if (names.contains(from)) {
        Sql.execute(
            connection,
            "ALTER %s %s SET search_path = %s"
                .formatted(
                    function.isProcedure() ? "PROCEDURE" : "FUNCTION",
                    function.identity(),
                    names.stream()
                        .map(name -> name.equals(from) ? to : name)
                        .map(name -> name.isEmpty() ? "''" : Identifiers.quote(name))
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  static List<String> names(String path) {
    return NAME.matcher(path)
        .results()
        .map(result -> result.group())
        .map(
            name ->
                name.startsWith("\"")
                    ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                    : name)
        .toList();
  }
}

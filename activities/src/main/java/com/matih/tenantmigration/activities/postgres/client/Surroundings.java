package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * In what the functions of a schema's expressions are evaluated: CHECK constraints, generated
 * columns and indexes call them, and PostgreSQL evaluates them, or puts them in, in whatever
 * session reads or writes the table. Services find what such a function calls by its bare name, and
 * so must we.
 *
 * <p>The schemas come after {@code pg_catalog}, so that no function of theirs takes the place of
 * one of PostgreSQL's with the same arguments. Where neighbours are at work, a schema counts only
 * if nobody but its owner, a superuser or we ourselves can create anything in it: whatever others
 * put there would run with our rights.
 *
 * @param schemas where names are looked for after {@code pg_catalog}, before the schemas of the
 *     installed extensions
 * @param isShared whether neighbours are at work
 * @param settings of the source's database on which expressions may depend, such as TimeZone
 */
public record Surroundings(List<String> schemas, boolean isShared, Map<String, String> settings) {

  /** Nothing but {@code pg_catalog}. */
  static final Surroundings NONE = new Surroundings(List.of(), true, Map.of());

  private static final String SEARCH_PATH =
      """
      SELECT set_config('search_path', 'pg_catalog' || coalesce(
               (SELECT string_agg(', ' || quote_ident(n.nspname), ''
                                  ORDER BY n.nspname <> ALL (?), n.nspname)
                  FROM pg_namespace n
                 WHERE (n.nspname = ANY (?) OR n.oid IN (SELECT extnamespace FROM pg_extension))
                   AND NOT starts_with(n.nspname::text, 'pg_')
                   AND (NOT ? OR NOT EXISTS (
                         SELECT 1
                           FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                          WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
                            AND a.grantee NOT IN (SELECT oid FROM pg_roles
                                                   WHERE rolsuper OR rolname = current_user)))),
               ''), false)
      """;

  public Surroundings {
    schemas = List.copyOf(schemas);
    settings = Map.copyOf(settings);
  }

  /** The same with settings of the source's database. */
  Surroundings with(Map<String, String> others) {
    return new Surroundings(schemas, isShared, others);
  }

  /** The same with more schemas. */
  Surroundings searching(Collection<String> others) {
    List<String> more = new ArrayList<>(schemas);
    more.addAll(others);
    return new Surroundings(more, isShared, settings);
  }

  /** Sets a session up; in the shared database it may write whatever the default there is. */
  void enter(Connection connection) throws SQLException {
    if (isShared && !schemas.isEmpty()) {
      Sql.execute(connection, "SET default_transaction_read_only = off");
    }
    if (!schemas.isEmpty()) {
      Sql.BoundArray names = Sql.array("name", schemas);
      Sql.execute(connection, SEARCH_PATH, names, names, isShared);
    }
    for (Map.Entry<String, String> setting : new TreeMap<>(settings).entrySet()) {
      Sql.execute(
          connection, "SELECT set_config(?, ?, false)", setting.getKey(), setting.getValue());
    }
  }
}

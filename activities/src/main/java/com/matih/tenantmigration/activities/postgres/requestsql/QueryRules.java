package com.matih.tenantmigration.activities.postgres.requestsql;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which statements of a request may run: one query that only reads tables.
 *
 * <p>What is promised: no part of the query changes or locks a row, it reads no foreign table and
 * none of the catalog's secrets, and it calls no function that PostgreSQL declares VOLATILE, by
 * which it says of every function that may act, save for those of {@link #HARMLESS}. So a function
 * that nobody thought of is refused, and one that an extension adds.
 *
 * <p>What is not promised: a function that a database's owner wrote and declared STABLE or
 * IMMUTABLE is taken at its word, since PostgreSQL has it read only; and settings of the server can
 * be read by {@code current_setting}, for which its user or the query role must have no right.
 */
final class QueryRules {

  /** Volatile since they answer anew each time, or look at what transactions do not govern. */
  private static final Set<String> HARMLESS =
      Set.of(
          "random",
          "random_normal",
          "setseed",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "clock_timestamp",
          "timeofday",
          "currval",
          "lastval",
          "bernoulli",
          "system",
          "current_query",
          "pg_is_in_recovery",
          "pg_relation_size",
          "pg_table_size",
          "pg_indexes_size",
          "pg_total_relation_size",
          "pg_database_size",
          "pg_tablespace_size",
          "pg_partition_tree",
          "pg_partition_ancestors",
          "pg_sequence_last_value");

  /** Not volatile, and yet they read whatever a name says that is no part of the statement. */
  private static final Pattern READS_BY_NAME =
      Pattern.compile(
          "(table|schema|database)_to_xml(schema|_and_xmlschema)?|pg_stat_get_wal_receiver");

  /** Passwords, those of other servers included, and the contents of large objects. */
  private static final String SECRETS =
      "'pg_authid', 'pg_shadow', 'pg_user_mapping', 'pg_user_mappings', 'pg_subscription',"
          + " 'pg_largeobject'";

  private static final String FUNCTIONS =
      """
      SELECT DISTINCT n.nspname, p.proname, p.provolatile = 'v' AS volatile,
             n.nspname = 'pg_catalog' AS built_in
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       WHERE p.oid = ANY (?)
          OR p.oid IN (SELECT o.oprcode FROM pg_catalog.pg_operator o WHERE o.oid = ANY (?))
          OR p.oid IN (SELECT unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggmtransfn,
                                           a.aggmfinalfn, a.aggcombinefn])
                         FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = ANY (?))
       ORDER BY 1, 2
      """;

  private static final String RELATIONS =
      """
      SELECT n.nspname, c.relname, c.relkind = 'f' AS elsewhere
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.oid = ANY (?)
         AND (c.relkind = 'f' OR n.nspname = 'pg_catalog' AND c.relname IN (%s))
       ORDER BY 1, 2
      """
          .formatted(SECRETS);

  private static final String ONLY_READ = "Write one SELECT that only reads tables.";

  private QueryRules() {}

  /**
   * Judges a statement.
   *
   * @throws QueryRefusedException where it may not run
   */
  static void judge(Connection connection, StatementTree tree)
      throws SQLException, QueryRefusedException {
    if (!tree.isQuery()) {
      throw new QueryRefusedException("is a command, not a query", ONLY_READ);
    }
    if (tree.changes()) {
      throw new QueryRefusedException("contains a part that changes rows", ONLY_READ);
    }
    if (tree.locks()) {
      throw new QueryRefusedException(
          "locks the rows that it reads", "Remove FOR UPDATE and FOR SHARE.");
    }
    judgeFunctions(connection, tree);
    judgeRelations(connection, tree.relations());
  }

  private static void judgeFunctions(Connection connection, StatementTree tree)
      throws SQLException, QueryRefusedException {
    List<Function> functions =
        Sql.list(
            connection,
            FUNCTIONS,
            row ->
                new Function(
                    row.getString("nspname"),
                    row.getString("proname"),
                    row.getBoolean("built_in"),
                    row.getBoolean("volatile")),
            Sql.array("oid", tree.functions()),
            Sql.array("oid", tree.operators()),
            Sql.array("oid", tree.functions()));
    for (Function function : functions) {
      judge(function);
    }
  }

  private record Function(String schema, String name, boolean builtIn, boolean isVolatile) {}

  private static void judge(Function function) throws QueryRefusedException {
    String name = function.name();
    if (function.builtIn()
        && (function.isVolatile() ? !HARMLESS.contains(name) : readsByName(name))) {
      throw new QueryRefusedException(
          ("calls the function %s, which has side effects or reaches outside of the" + " database")
              .formatted(name),
          ONLY_READ);
    }
    if (!function.builtIn() && function.isVolatile()) {
      throw new QueryRefusedException(
          "calls the function %s.%s, which is VOLATILE and may change data"
              .formatted(function.schema(), name),
          "Remove it, or declare it STABLE or IMMUTABLE if it changes nothing.");
    }
  }

  private static boolean readsByName(String name) {
    return READS_BY_NAME.matcher(name).matches();
  }

  private static void judgeRelations(Connection connection, Collection<Long> relations)
      throws SQLException, QueryRefusedException {
    Optional<String> reason =
        Sql.first(
            connection,
            RELATIONS,
            row ->
                (row.getBoolean("elsewhere")
                        ? "reads the foreign table %s.%s, which is on another server"
                        : "reads %s.%s, which holds secrets of the server")
                    .formatted(row.getString("nspname"), row.getString("relname")),
            Sql.array("oid", relations));
    if (reason.isPresent()) {
      throw new QueryRefusedException(reason.get(), "Write a query of the tenant's tables.");
    }
  }
}

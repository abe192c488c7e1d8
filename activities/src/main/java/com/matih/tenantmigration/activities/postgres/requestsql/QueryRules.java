package com.matih.tenantmigration.activities.postgres.requestsql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
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
    try (PreparedStatement statement = connection.prepareStatement(FUNCTIONS)) {
      statement.setArray(1, connection.createArrayOf("oid", tree.functions().toArray()));
      statement.setArray(2, connection.createArrayOf("oid", tree.operators().toArray()));
      statement.setArray(3, connection.createArrayOf("oid", tree.functions().toArray()));
      try (ResultSet function = statement.executeQuery()) {
        while (function.next()) {
          judge(
              function.getString("nspname"),
              function.getString("proname"),
              function.getBoolean("built_in"),
              function.getBoolean("volatile"));
        }
      }
    }
  }

  private static void judge(String schema, String name, boolean builtIn, boolean isVolatile)
      throws QueryRefusedException {
    if (builtIn && (isVolatile ? !HARMLESS.contains(name) : readsByName(name))) {
      throw new QueryRefusedException(
          "calls the function %s, which has side effects or reaches outside of the database"
              .formatted(name),
          ONLY_READ);
    }
    if (!builtIn && isVolatile) {
      throw new QueryRefusedException(
          "calls the function %s.%s, which is VOLATILE and may change data".formatted(schema, name),
          "Remove it, or declare it STABLE or IMMUTABLE if it changes nothing.");
    }
  }

  private static boolean readsByName(String name) {
    return READS_BY_NAME.matcher(name).matches();
  }

  private static void judgeRelations(Connection connection, Collection<Long> relations)
      throws SQLException, QueryRefusedException {
    try (PreparedStatement statement = connection.prepareStatement(RELATIONS)) {
      statement.setArray(1, connection.createArrayOf("oid", relations.toArray()));
      try (ResultSet relation = statement.executeQuery()) {
        if (relation.next()) {
          String name = relation.getString("nspname") + "." + relation.getString("relname");
          throw new QueryRefusedException(
              relation.getBoolean("elsewhere")
                  ? "reads the foreign table %s, which is on another server".formatted(name)
                  : "reads %s, which contains secrets of the server".formatted(name),
              "Write a query of the tenant's tables.");
        }
      }
    }
  }
}

package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Has the shared database plan the request's queries without running them, so that a mistyped one
 * is told before the tenant is made read-only. Nothing can be changed by it.
 */
final class PlannedQueries {

  /**
   * Wrong syntax, a change within a query, and columns that do not exist: they will not exist on
   * the target either.
   */
  private static final Set<String> HOPELESS = Set.of("42601", "0A000", "42703");

  private static final Pattern END = Pattern.compile("[;\\s]+$");

  private final PostgresConnections connections;

  PlannedQueries(PostgresConnections connections) {
    this.connections = connections;
  }

  /** Refuses what can't succeed on the target; warns of what fails here for another reason. */
  void examine(MigrationContext context, CatalogFindings findings) throws SQLException {
    PostgresSpec spec = DatabaseAccess.spec(context);
    RedisSpec redis = context.request().redis();
    try (Connection source =
        connections.open(spec.source(), context.migrationId(), "plan queries")) {
      source.setReadOnly(true);
      source.setAutoCommit(false);
      for (String query : context.request().verification().queries()) {
        examine(
            source,
            spec,
            "verification.queries",
            QueryComparison.onSource(query, context.request()),
            findings);
      }
      if (redis != null) {
        for (RedisSpec.Loader loader : redis.warm()) {
          String object = "redis.warm " + loader.key();
          Set<String> missing = new LinkedHashSet<>(loader.columns());
          missing.removeAll(examine(source, spec, object, loader.sql(), findings).orElse(missing));
          if (!missing.isEmpty()) {
            findings.refuse(
                new Refusal(
                    "postgres",
                    object,
                    "has a query that gives no column %s: %s"
                        .formatted(String.join(", ", missing), loader.sql()),
                    "Select it, or correct the loader's key and value."));
          }
        }
      }
    }
  }

  /** The columns of the query's answer; empty where it was found wrong. */
  private static Optional<Set<String>> examine(
      Connection source, PostgresSpec spec, String object, String sql, CatalogFindings findings)
      throws SQLException {
    try (Statement statement = source.createStatement()) {
      QueryComparison.lookInto(statement, spec.sourceSchema());
      try (ResultSet nothing = statement.executeQuery(withoutRows(sql))) {
        return Optional.of(columns(nothing.getMetaData()));
      }
    } catch (SQLException e) {
      if (!PostgresFailures.isFaultOfTheQuery(e)) {
        throw e;
      }
      String reason = "has a query that fails: %s: %s".formatted(PostgresFailures.reason(e), sql);
      if (HOPELESS.contains(e.getSQLState())) {
        findings.refuse(
            new Refusal("postgres", object, reason, "Write one SELECT; correct what it names."));
      } else {
        findings.warn(object, reason + ". Make sure that it works on the dedicated database.");
      }
      return Optional.empty();
    } finally {
      source.rollback();
    }
  }

  /**
   * The query as a part of another that wants none of its rows, so that it is planned and never
   * run. In this place PostgreSQL takes one query that only reads, and no second statement.
   */
  private static String withoutRows(String sql) {
    return "SELECT * FROM (%s%n) AS planned LIMIT 0".formatted(END.matcher(sql).replaceFirst(""));
  }

  private static Set<String> columns(ResultSetMetaData answer) throws SQLException {
    Set<String> columns = new LinkedHashSet<>();
    for (int i = 1; i <= answer.getColumnCount(); i++) {
      columns.add(answer.getColumnLabel(i));
    }
    return columns;
  }
}

package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Has the shared database plan the request's queries without running them, so that a mistyped one
 * is told before the tenant is made read-only. Nothing can be changed by it.
 */
final class PlannedQueries {

  /** Wrong syntax, and columns that do not exist: they will not exist on the target either. */
  private static final Set<String> HOPELESS = Set.of("42601", "42703");

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
          examine(source, spec, "redis.warm " + loader.key(), loader.sql(), findings);
        }
      }
    }
  }

  private static void examine(
      Connection source, PostgresSpec spec, String object, String sql, CatalogFindings findings)
      throws SQLException {
    try (Statement statement = source.createStatement()) {
      QueryComparison.lookInto(statement, spec.sourceSchema());
      statement.execute("EXPLAIN " + sql);
    } catch (SQLException e) {
      if (!PostgresFailures.isFaultOfTheQuery(e)) {
        throw e;
      }
      String reason = "has a query that fails: %s: %s".formatted(PostgresFailures.reason(e), sql);
      if (HOPELESS.contains(e.getSQLState())) {
        findings.refuse(new Refusal("postgres", object, reason, "Correct the query."));
      } else {
        findings.warn(object, reason + ". Make sure that it works on the dedicated database.");
      }
    } finally {
      source.rollback();
    }
  }
}

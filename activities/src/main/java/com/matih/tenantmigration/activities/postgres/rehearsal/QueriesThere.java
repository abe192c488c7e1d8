package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRows;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * Has the scratch database plan the request's queries, so that one is told before the fence that
 * names the schema as it is called on the shared side, or a table that does not move.
 */
final class QueriesThere {

  /** A table, column, function, type or schema that does not exist. */
  private static final Set<String> MISSING = Set.of("42P01", "42703", "42883", "42704", "3F000");

  private final MigrationContext context;
  private final PostgresSpec spec;
  private final DatabaseAccess scratch;
  private final PlanNotes findings;

  QueriesThere(MigrationContext context, DatabaseAccess scratch, PlanNotes findings) {
    this.context = context;
    this.spec = context.spec(PostgresSpec.class);
    this.scratch = scratch;
    this.findings = findings;
  }

  /** The schema is there under its own name. */
  void examine() {
    for (String query : context.request().verification().queries()) {
      examine(
          "verification.queries",
          QueryComparison.onTarget(query, context.request()),
          "Write {schema} for the tenant's schema, and name no table that does not move"
              + " (excludeTables).");
    }
    RedisSpec redis = context.request().redis();
    if (redis == null) {
      return;
    }
    for (RedisSpec.Loader loader : redis.warm()) {
      examine(
          "redis.warm " + loader.key(),
          loader.sql(),
          "Name the tenant's tables without a schema, since theirs is called %s there, and none that does not move (excludeTables)."
              .formatted(spec.targetSchema()));
    }
  }

  private void examine(String object, String sql, String remedy) {
    // a session each: what one text does to its session is no other's concern
    try (ReadOnlySession session = open()) {
      var unused = session.plan(sql);
    } catch (QueryRefusedException e) {
      findings.refuse(object, "has a query that %s: %s".formatted(e.reason(), sql), e.remedy());
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw PostgresFailures.translate("plan a query in", "the scratch database", e);
      }
      if (MISSING.contains(e.getSQLState())) {
        findings.refuse(
            object,
            "has a query that fails on the dedicated database: %s: %s"
                .formatted(PostgresFailures.reason(e), sql),
            remedy);
      }
    }
  }

  private ReadOnlySession open() throws SQLException {
    Connection connection =
        scratch
            .connections()
            .openReadOnly(
                scratch.database(),
                scratch.name(),
                scratch.migrationId(),
                ScratchDatabase.SESSION,
                ReadOnlySession.STARTUP_OPTIONS,
                QueryRows.MAX_BUFFER);
    return ReadOnlySession.begin(
        connection, QueryLimits.PLAN, spec.targetSchema(), Optional.empty(), Optional.empty());
  }
}

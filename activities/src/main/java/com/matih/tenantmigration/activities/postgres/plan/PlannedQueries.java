package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryColumn;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Has the shared database plan the request's queries without running them, so that one that is
 * mistyped, or does more than to read, is told before the tenant is made read-only.
 */
final class PlannedQueries {

  /**
   * Wrong syntax, what PostgreSQL cannot do, and columns that do not exist: they will not exist on
   * the target either.
   */
  private static final Set<String> HOPELESS = Set.of("42601", "0A000", "42703");

  /**
   * A table, function, type or schema that does not exist. A check runs its query on both sides; a
   * loader of the cache runs on the dedicated side alone, and may name what lies there.
   */
  private static final Set<String> MISSING = Set.of("42P01", "42883", "42704", "3F000");

  private static final String VERIFICATION = "verification.queries";

  private final QuerySessions sessions;

  PlannedQueries(QuerySessions sessions) {
    this.sessions = sessions;
  }

  /** Refuses what can't succeed on the target; warns of what fails here for another reason. */
  void examine(MigrationContext context, PlanNotes findings) throws SQLException {
    RedisSpec redis = context.request().redis();
    for (String query : context.request().verification().queries()) {
      String onSource = QueryComparison.onSource(query, context.request());
      var unused = examine(context, VERIFICATION, onSource, findings);
    }
    if (redis != null) {
      for (RedisSpec.Loader loader : redis.warm()) {
        String object = "redis.warm " + loader.key();
        examine(context, object, loader.sql(), findings)
            .ifPresent(columns -> judge(loader, object, columns, findings));
      }
    }
  }

  /** Whether a loader's query returns what its keys are made of. */
  private static void judge(
      RedisSpec.Loader loader, String object, List<QueryColumn> columns, PlanNotes findings) {
    Map<String, QueryColumn> returned = new LinkedHashMap<>();
    for (QueryColumn column : columns) {
      boolean isNew = returned.put(column.label(), column) == null;
      if (!isNew && loader.type() == RedisSpec.Type.HASH && loader.isField(column.label())) {
        refuse(
            findings,
            object,
            "has a query with two columns %s: %s".formatted(column.label(), loader.sql()),
            "Name one of them AS another field.");
      }
    }
    Set<String> missing = new LinkedHashSet<>(loader.columns());
    missing.removeAll(returned.keySet());
    if (!missing.isEmpty()) {
      refuse(
          findings,
          object,
          "has a query without the column %s: %s"
              .formatted(String.join(", ", missing), loader.sql()),
          "Select it, or correct the loader's columns.");
      return;
    }
    if (loader.type() == RedisSpec.Type.HASH
        && returned.keySet().stream().noneMatch(loader::isField)) {
      refuse(
          findings,
          object,
          "has a query that returns only the key's columns, so the hash has no field: "
              + loader.sql(),
          "Select the columns that become its fields.");
    }
    for (String column : loader.keyColumns()) {
      if (Objects.requireNonNull(returned.get(column)).isBytes()) {
        refuse(
            findings,
            object,
            "has the column %s in its key, which is bytea, and a key is text".formatted(column),
            "Select encode(%s, 'hex') or another text.".formatted(column));
      }
    }
    QueryColumn score = loader.score() == null ? null : returned.get(loader.score());
    if (score != null && !score.mayBeNumber()) {
      refuse(
          findings,
          object,
          "has the score %s, which is not a number".formatted(score.label()),
          "Select a number; of a time, extract(epoch from …).");
    }
  }

  private static void refuse(PlanNotes findings, String object, String reason, String remedy) {
    findings.refuse(new Refusal(StoreName.POSTGRES, object, reason, remedy));
  }

  /** The columns of the query's answer; empty where it was found wrong. */
  private Optional<List<QueryColumn>> examine(
      MigrationContext context, String object, String sql, PlanNotes findings) throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    // a session each: what one text does to its session is no other's concern
    try (ReadOnlySession session =
        sessions.open(
            spec.source(),
            context.migrationId(),
            "plan query",
            spec.sourceSchema(),
            QueryLimits.PLAN)) {
      return Optional.of(session.plan(sql));
    } catch (QueryRefusedException e) {
      findings.refuse(
          new Refusal(
              StoreName.POSTGRES,
              object,
              "has a query that %s: %s".formatted(e.reason(), sql),
              e.remedy()));
    } catch (SQLException e) {
      if (!PostgresFailures.isFaultOfTheQuery(e)) {
        throw e;
      }
      String reason = "has a query that fails: %s: %s".formatted(PostgresFailures.reason(e), sql);
      if (HOPELESS.contains(e.getSQLState())
          || (object.equals(VERIFICATION) && MISSING.contains(e.getSQLState()))) {
        findings.refuse(
            new Refusal(
                StoreName.POSTGRES, object, reason, "Write one SELECT; correct what it names."));
      } else {
        findings.warn(object, reason + ". Make sure that it works on the dedicated database.");
      }
    }
    return Optional.empty();
  }
}

package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the request's queries on both sides and compares their answers row by row, as text and in
 * the order in which they come; a query whose order matters says so with ORDER BY.
 */
public final class QueryComparison {

  private static final int FETCH_SIZE = 1_000;

  private final PostgresConnections connections;

  public QueryComparison(PostgresConnections connections) {
    this.connections = connections;
  }

  /** Compares the answers; counts queries. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    PostgresSpec spec = context.request().postgres();
    List<String> queries = context.request().verification().queries();
    if (spec == null || queries.isEmpty()) {
      return Finding.notApplicable(
          spec == null ? "the request leaves postgres out" : "the request names no queries");
    }
    Finding finding = new Finding();
    try (BothDatabases both = BothDatabases.open(connections, context, "query test", monitor)) {
      prepare(both.source(), spec.sourceSchema());
      prepare(both.target(), spec.targetSchema());
      for (String query : queries) {
        monitor.throwIfCancelled();
        finding.compared(1);
        String here = onSource(query, context.request());
        String there = text(query, spec.targetSchema(), "true");
        difference(both, here, there)
            .ifPresent(what -> finding.mismatch("query %s: %s".formatted(query, what)));
      }
    }
    return finding;
  }

  private static void prepare(Connection side, String schema) {
    try (Statement statement = side.createStatement()) {
      lookInto(statement, schema);
    } catch (SQLException e) {
      throw PostgresFailures.translate("look into schema", schema, e);
    }
  }

  /** Has the queries of a transaction name tables as the tenant's services do. */
  static void lookInto(Statement statement, String schema) throws SQLException {
    statement.execute("SET LOCAL search_path = " + Identifiers.quote(schema) + ", public");
  }

  /** A query of a request that has a database, as it is asked on the shared side. */
  static String onSource(String query, MigrationRequest request) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    return text(query, spec.sourceSchema(), tenant(spec, request.tenantKey()));
  }

  private static String text(String query, String schema, String tenant) {
    return query
        .replace("{schema}", Identifiers.quote(schema))
        .replace("{tenant}", "(" + tenant + ")");
  }

  private static String tenant(PostgresSpec spec, String tenantKey) {
    return spec.isolation() == Isolation.ROWS && spec.tenantColumn() != null
        ? Identifiers.quote(spec.tenantColumn()) + " = " + SqlLiterals.quote(tenantKey)
        : "true";
  }

  private static Optional<String> difference(BothDatabases both, String here, String there) {
    try {
      // a query that its server refuses would end the transaction, and with it every further query
      Savepoint sourcePoint = both.source().setSavepoint();
      Savepoint targetPoint = both.target().setSavepoint();
      Optional<String> difference = run(both, here, there);
      both.source().rollback(sourcePoint);
      both.target().rollback(targetPoint);
      return difference;
    } catch (SQLException e) {
      throw PostgresFailures.translate("run on both sides the query", here, e);
    }
  }

  private static Optional<String> run(BothDatabases both, String here, String there)
      throws SQLException {
    try (Statement sourceQuery = both.source().createStatement();
        Statement targetQuery = both.target().createStatement()) {
      sourceQuery.setFetchSize(FETCH_SIZE);
      targetQuery.setFetchSize(FETCH_SIZE);
      try (ResultSet source = sourceQuery.executeQuery(here);
          ResultSet target = targetQuery.executeQuery(there)) {
        return difference(source, target);
      }
    } catch (SQLException e) {
      if (PostgresFailures.type(e) == FailureType.STORE_UNREACHABLE) {
        throw e;
      }
      return Optional.of("it fails: " + PostgresFailures.reason(e));
    }
  }

  private static Optional<String> difference(ResultSet source, ResultSet target)
      throws SQLException {
    if (source.getMetaData().getColumnCount() != target.getMetaData().getColumnCount()) {
      return Optional.of("the answers have different columns");
    }
    for (long row = 1; ; row++) {
      boolean sourceHas = source.next();
      boolean targetHas = target.next();
      if (sourceHas != targetHas) {
        return Optional.of(
            "the answer ends at row %d on the %s side only"
                .formatted(row - 1, sourceHas ? "dedicated" : "shared"));
      }
      if (!sourceHas) {
        return Optional.empty();
      }
      if (!row(source).equals(row(target))) {
        return Optional.of("row %d of the answer differs".formatted(row));
      }
    }
  }

  private static List<@Nullable String> row(ResultSet rows) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      values.add(rows.getString(i));
    }
    return values;
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.follow.Round;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds.Extent;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRows;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the request's queries on both sides and compares their answers row by row, as text and in
 * the order in which they come; a query whose order matters says so with ORDER BY. Of the first row
 * that differs the values are told.
 */
public final class QueryComparison {

  private final QuerySessions sessions;

  public QueryComparison(QuerySessions sessions) {
    this.sessions = sessions;
  }

  /** Compares the answers; counts queries. One that may not run or fails is a mismatch. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    return compare(context, Optional.empty(), monitor);
  }

  /** The same while the tenant writes, at a point at which a round makes both sides equal. */
  public Finding compareAtPoint(
      MigrationContext context,
      PostgresConnections connections,
      MigrationJournal journal,
      ProgressMonitor monitor) {
    if (context.request().verification().queries().isEmpty()) {
      return compare(context, monitor);
    }
    long epoch = Ledger.takeOver(DatabaseAccess.target(connections, context), monitor.attempt());
    try (RowRounds rounds = RowRounds.open(connections, journal, context, false, epoch)) {
      Round round = rounds.run(Extent.ALL);
      Finding finding = compare(context, Optional.of(rounds.exportPoint()), monitor);
      rounds.release();
      rounds.forget(round);
      return finding;
    }
  }

  private Finding compare(
      MigrationContext context, Optional<String> snapshot, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    List<String> queries = context.request().verification().queries();
    if (queries.isEmpty()) {
      return Finding.notApplicable("the request names no queries");
    }
    Finding finding = new Finding();
    for (String query : queries) {
      monitor.throwIfCancelled();
      finding.compared(1);
      difference(context, spec, query, snapshot, monitor)
          .ifPresent(what -> finding.mismatch("query %s: %s".formatted(query, what)));
    }
    return finding;
  }

  /** A query of a request that has a database, as it is asked on the shared side. */
  public static String onSource(String query, MigrationRequest request) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    return text(query, spec.sourceSchema(), tenant(spec, request.tenantKey()));
  }

  /** The same as it is asked on the dedicated side. */
  public static String onTarget(String query, MigrationRequest request) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    return text(query, spec.targetSchema(), "true");
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

  /** A session each: what one query does to its session is no other's concern. */
  private Optional<String> difference(
      MigrationContext context,
      PostgresSpec spec,
      String query,
      Optional<String> snapshot,
      ProgressMonitor monitor) {
    String here = onSource(query, context.request());
    String there = onTarget(query, context.request());
    try (ReadOnlySession source = open(context, spec.source(), spec.sourceSchema(), snapshot);
        ReadOnlySession target =
            open(context, spec.target(), spec.targetSchema(), Optional.empty())) {
      return difference(source, here, target, there, monitor);
    } catch (QueryRefusedException e) {
      // the plan refuses it; what it became since then fails the check, and the rest is still asked
      return Optional.of("it is refused: it %s. %s".formatted(e.reason(), e.remedy()));
    } catch (SQLException e) {
      monitor.throwIfCancelled();
      if (PostgresFailures.type(e) == FailureType.STORE_UNREACHABLE) {
        throw PostgresFailures.translate("run the query on both sides:", query, e);
      }
      return Optional.of("it fails: " + PostgresFailures.reason(e));
    }
  }

  private ReadOnlySession open(
      MigrationContext context,
      PostgresSpec.Database database,
      String schema,
      Optional<String> snapshot) {
    return sessions.open(
        database, context.migrationId(), "query test", schema, QueryLimits.VERIFICATION, snapshot);
  }

  private static Optional<String> difference(
      ReadOnlySession source,
      String here,
      ReadOnlySession target,
      String there,
      ProgressMonitor monitor)
      throws SQLException, QueryRefusedException {
    Optional<String> difference;
    try (QueryRows shared = source.run(here);
        QueryRows dedicated = target.run(there)) {
      difference = difference(shared, dedicated, monitor);
    }
    source.requireReadOnly();
    target.requireReadOnly();
    return difference;
  }

  private static Optional<String> difference(
      QueryRows source, QueryRows target, ProgressMonitor monitor)
      throws SQLException, QueryRefusedException {
    if (source.columns().size() != target.columns().size()) {
      return Optional.of("the answers have different columns");
    }
    for (long row = 1; ; row++) {
      monitor.throwIfCancelled();
      boolean sourceHas = source.next();
      boolean targetHas = target.next();
      if (sourceHas != targetHas) {
        QueryRows longer = sourceHas ? source : target;
        return Optional.of(
            "the answer ends at row %d on the %s side only; in the next row %s"
                .formatted(
                    row - 1,
                    sourceHas ? "dedicated" : "shared",
                    RowDifference.extra(longer.columns(), longer.row())));
      }
      if (!sourceHas) {
        return Optional.empty();
      }
      List<@Nullable String> shared = source.row();
      List<@Nullable String> dedicated = target.row();
      if (!shared.equals(dedicated)) {
        return Optional.of(RowDifference.of(row, source.columns(), shared, dedicated));
      }
    }
  }
}

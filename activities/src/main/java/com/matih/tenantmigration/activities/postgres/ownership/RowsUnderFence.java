package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.SharedTableDoubts;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks once more under the fence what the plan asked of the rows while the tenant worked, since an
 * approval may come days later: rows that reference one which does not move, rows without a tenant,
 * rows whose keys lead to two tenants, and tables of shared schemas that hold what is others'.
 *
 * <p>The copy fails at the row itself for the rest of what a plan counts, so asking again is not
 * worth the time that the tenant waits. What cannot be counted in time is left to the copy too.
 */
public final class RowsUnderFence {

  /** How long the tenant waits for all of it at the most. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final int MOST_TOLD = 5;

  private static final Logger log = LoggerFactory.getLogger(RowsUnderFence.class);

  private final PostgresConnections connections;
  private final Duration limit;

  public RowsUnderFence(PostgresConnections connections) {
    this(connections, LIMIT);
  }

  RowsUnderFence(PostgresConnections connections, Duration limit) {
    this.connections = connections;
    this.limit = limit;
  }

  /**
   * Asks.
   *
   * @throws MigrationException of type NOT_MOVABLE, naming each object, where the plan would refuse
   *     now
   */
  public void requireMovable(
      MigrationContext context, TenantTables tables, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    PlanNotes findings = new PlanNotes(StoreName.POSTGRES);
    TimeLimit time = TimeLimit.ofAll(limit);
    monitor.update(new Progress(0, -1, "", "looking again at the rows that reference others"));
    try (Connection source = DatabaseAccess.source(connections, context).open("look under fence")) {
      source.setReadOnly(true);
      List<TenantTable> moving = tables.requireMovable();
      OwnerlessRows.examine(source, tables, moving, spec.nobodysRows(), time, findings);
      new BrokenKeys(source, tables, time, findings).examine(moving);
      for (TenantTable table : moving) {
        monitor.throwIfCancelled();
        refuseTorn(source, table, tables.scoped(table), time, findings);
      }
      new SharedTableDoubts(source, context.request(), tables.shared(), time)
          .all()
          .forEach(
              (table, doubt) ->
                  findings.refuse(
                      table, doubt.reason(), "Run the plan again; it says what can be done."));
    } catch (SQLException e) {
      throw PostgresFailures.translate("look at the rows of", spec.sourceSchema(), e);
    }
    if (time.isOver()) {
      log.warn(
          "not all rows could be looked at again within {} s; the copy finds what cannot move",
          limit.toSeconds());
    }
    fail(findings.refusals());
  }

  private static void refuseTorn(
      Connection source, TenantTable table, Scoped scoped, TimeLimit time, PlanNotes findings)
      throws SQLException {
    if (scoped.isDoubtful()) {
      BoundedCount.ask(
              source, time, connection -> TornRows.find(connection, table.rows(), scoped.ways()))
          .flatMap(torn -> torn)
          .ifPresent(
              torn ->
                  findings.refuse(
                      table.name(), torn, "Run the plan again; it says what can be done."));
    }
  }

  private static void fail(List<Refusal> refusals) {
    if (refusals.isEmpty()) {
      return;
    }
    String told =
        refusals.stream()
            .limit(MOST_TOLD)
            .map(
                refusal ->
                    "%s %s. %s".formatted(refusal.object(), refusal.reason(), refusal.remedy()))
            .collect(Collectors.joining(" "));
    throw new MigrationException(
        FailureType.NOT_MOVABLE,
        "Rows that cannot be moved have been added since the plan: "
            + told
            + Optional.of(refusals.size() - MOST_TOLD)
                .filter(more -> more > 0)
                .map(" And %d more."::formatted)
                .orElse(""));
  }
}

package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.rehearsal.RowExpressions.Evaluated;
import com.matih.tenantmigration.activities.postgres.rehearsal.RowExpressions.Kind;
import com.matih.tenantmigration.activities.postgres.snapshot.SourceSettings;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts, on the shared side, the tenant's rows that the dedicated sessions would not load as they
 * are: rows that a CHECK constraint was true for when they came and is not now, or not in those
 * sessions' time zone, and generated columns that would get another value.
 */
public final class EvaluatedRows {

  private static final int MOST_CHARACTERS = 200;

  private final PostgresConnections connections;
  private final ClientPrograms programs;

  public EvaluatedRows(PostgresConnections connections, ClientPrograms programs) {
    this.connections = connections;
    this.programs = programs;
  }

  /**
   * Refuses each constraint and generated column with such rows.
   *
   * @param tables the tables that move
   * @param sharedSchemas of which something moves along
   * @throws com.matih.tenantmigration.workflow.MigrationException where the shared database fails
   */
  public void examine(
      MigrationContext context,
      List<TenantTable> tables,
      Set<String> sharedSchemas,
      PlanNotes findings,
      ProgressMonitor monitor) {
    DatabaseAccess source = DatabaseAccess.source(connections, context).searching(sharedSchemas);
    try (Connection plain = source.openShort("look")) {
      int major = plain.getMetaData().getDatabaseMajorVersion();
      Map<String, String> settings = SourceSettings.read(source, programs.atLeast(major), monitor);
      try (Connection session = source.with(settings).open("evaluate")) {
        session.setReadOnly(true);
        Set<TableName> evaluating = RowExpressions.evaluating(session, tables);
        for (TenantTable table : tables) {
          monitor.throwIfCancelled();
          if (!evaluating.contains(table.name())) {
            continue;
          }
          List<Evaluated> evaluated = RowExpressions.of(session, table.name());
          if (!evaluated.isEmpty()) {
            monitor.update(
                new Progress(0, -1, "", "evaluating the constraints of " + table.name()));
            examine(session, table, evaluated, settings, findings);
          }
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("evaluate the constraints of", "the shared tables", e);
    } catch (MigrationException e) {
      // the plan names programs that are missing by itself
      if (e.type() != FailureType.TOOL_MISSING) {
        throw e;
      }
    }
  }

  private static void examine(
      Connection session,
      TenantTable table,
      List<Evaluated> evaluated,
      Map<String, String> settings,
      PlanNotes findings)
      throws SQLException {
    List<Evaluated> ofTable = new ArrayList<>();
    for (Evaluated one : evaluated) {
      if (one.from().equals(table.name())) {
        ofTable.add(one);
      } else {
        refuse(
            table,
            List.of(one),
            settings,
            countEach(session, table, List.of(one), findings),
            findings);
      }
    }
    if (ofTable.isEmpty()) {
      return;
    }
    List<Long> counts;
    try {
      counts = count(session, table, ofTable);
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw e;
      }
      // one of them fails: which?
      counts = countEach(session, table, ofTable, findings);
    }
    refuse(table, ofTable, settings, counts, findings);
  }

  /** One scan for all. */
  private static List<Long> count(Connection session, TenantTable table, List<Evaluated> evaluated)
      throws SQLException {
    String counts =
        evaluated.stream()
            .map(one -> "count(*) FILTER (WHERE %s)".formatted(one.wrong()))
            .collect(Collectors.joining(", "));
    return Sql.one(
        session,
        "SELECT %s FROM %s AS t WHERE %s"
            .formatted(counts, Identifiers.quote(evaluated.get(0).from()), table.predicate()),
        row -> {
          List<Long> found = new ArrayList<>();
          for (int i = 1; i <= evaluated.size(); i++) {
            found.add(row.getLong(i));
          }
          return found;
        });
  }

  private static List<Long> countEach(
      Connection session, TenantTable table, List<Evaluated> evaluated, PlanNotes findings)
      throws SQLException {
    List<Long> counts = new ArrayList<>();
    for (Evaluated one : evaluated) {
      try {
        counts.addAll(count(session, table, List.of(one)));
      } catch (SQLException e) {
        if (PostgresFailures.type(e).retryable()) {
          throw e;
        }
        findings.warn(
            table.name(),
            "has %s that could not be evaluated for the tenant's rows on the shared side: %s."
                .formatted(told(one), PostgresFailures.reason(e)));
        counts.add(0L);
      }
    }
    return counts;
  }

  private static void refuse(
      TenantTable table,
      List<Evaluated> evaluated,
      Map<String, String> settings,
      List<Long> counts,
      PlanNotes findings) {
    for (int i = 0; i < evaluated.size(); i++) {
      Evaluated one = evaluated.get(i);
      if (counts.get(i) > 0) {
        findings.refuse(
            table.name(),
            "has %,d rows of the tenant %s %s, evaluated today with TimeZone %s"
                .formatted(
                    counts.get(i),
                    one.kind() == Kind.CHECK
                        ? "that do not pass"
                        : "that would get another value in",
                    told(one),
                    settings.getOrDefault("TimeZone", "unknown")),
            one.kind() == Kind.CHECK
                ? "Correct the rows, or drop the constraint and add it again as NOT VALID: so it"
                    + " moves with the rows as they are. Where a time zone makes the difference,"
                    + " set the services' time zone for the database (ALTER DATABASE ... SET"
                    + " timezone): the copy uses it."
                : "Set the setting on which the expression depends for the shared database, as the"
                    + " services do (ALTER DATABASE ... SET timezone): the copy uses it. Or update"
                    + " those rows.");
      }
    }
  }

  private static String told(Evaluated one) {
    String definition =
        one.definition().length() <= MOST_CHARACTERS
            ? one.definition()
            : one.definition().substring(0, MOST_CHARACTERS) + "…";
    return "%s %s (%s)"
        .formatted(
            one.kind() == Kind.CHECK ? "the constraint" : "the generated column",
            one.name(),
            definition);
  }
}

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
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts, on the shared side, the tenant's rows that the dedicated sessions would not load as they
 * are: rows that a CHECK constraint was true for when they came and is not now, or not in those
 * sessions' time zone, and generated columns that would get another value.
 */
public final class EvaluatedRows {

  private static final int MOST_CHARACTERS = 200;

  /**
   * Under which rows are evaluated.
   *
   * @param referTo where their storage references will point; empty where none are rewritten
   */
  private record Circumstances(String timeZone, Optional<String> referTo) {

    String told() {
      return "with TimeZone %s%s"
          .formatted(
              timeZone, referTo.isPresent() ? " and with its storage references rewritten" : "");
    }
  }

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
        RowsToLoad rows = new RowsToLoad(session, context);
        for (TenantTable table : tables) {
          monitor.throwIfCancelled();
          if (!evaluating.contains(table.name())) {
            continue;
          }
          List<Evaluated> evaluated = evaluated(session, rows, table);
          if (!evaluated.isEmpty()) {
            monitor.update(
                new Progress(0, -1, "", "evaluating the constraints of " + table.name()));
            examine(
                rows,
                table,
                evaluated,
                new Circumstances(
                    settings.getOrDefault("TimeZone", "unknown"), rows.rewrittenTo(table)),
                findings);
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

  /** What is made of a reference is made anew of the rewritten one. */
  private static List<Evaluated> evaluated(Connection session, RowsToLoad rows, TenantTable table)
      throws SQLException {
    return RowExpressions.of(session, table.name()).stream()
        .filter(one -> one.kind() == Kind.CHECK || !rows.areRewritten(table))
        .toList();
  }

  private static void examine(
      RowsToLoad rows,
      TenantTable table,
      List<Evaluated> evaluated,
      Circumstances how,
      PlanNotes findings)
      throws SQLException {
    List<Evaluated> ofTable = new ArrayList<>();
    for (Evaluated one : evaluated) {
      if (one.from().equals(table.name())) {
        ofTable.add(one);
      } else {
        refuse(table, List.of(one), how, countEach(rows, table, List.of(one), findings), findings);
      }
    }
    if (ofTable.isEmpty()) {
      return;
    }
    List<Long> counts;
    try {
      counts = rows.count(table, ofTable);
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw e;
      }
      // one of them fails: which?
      counts = countEach(rows, table, ofTable, findings);
    }
    refuse(table, ofTable, how, counts, findings);
  }

  private static List<Long> countEach(
      RowsToLoad rows, TenantTable table, List<Evaluated> evaluated, PlanNotes findings)
      throws SQLException {
    List<Long> counts = new ArrayList<>();
    for (Evaluated one : evaluated) {
      try {
        counts.addAll(rows.count(table, List.of(one)));
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
      Circumstances how,
      List<Long> counts,
      PlanNotes findings) {
    for (int i = 0; i < evaluated.size(); i++) {
      Evaluated one = evaluated.get(i);
      if (counts.get(i) > 0) {
        findings.refuse(
            table.name(),
            "has %s of the tenant %s %s, evaluated today %s"
                .formatted(
                    Units.plural(counts.get(i), "row"),
                    one.kind() == Kind.CHECK ? "failing" : "that would get another value in",
                    told(one),
                    how.told()),
            remedy(one, how));
      }
    }
  }

  private static String remedy(Evaluated one, Circumstances how) {
    if (one.kind() == Kind.GENERATED) {
      return "Set the setting on which the expression depends for the shared database, as the"
          + " services do (ALTER DATABASE ... SET timezone): the copy uses it. Or update those"
          + " rows.";
    }
    return "Correct the rows, or drop the constraint and add it again as NOT VALID: it then moves"
        + " with the rows as they are."
        + how.referTo()
            .map(
                to ->
                    " If it names the shared bucket, let it take %s too, or remove the column from storageReferences; the warnings name references to no object."
                        .formatted(to))
            .orElse(
                " Where a time zone makes the difference, set the services' time zone for the"
                    + " database (ALTER DATABASE ... SET timezone): the copy uses it.");
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

package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Searches all that is text in the tenant's rows for references into the shared storage, and names
 * the columns that have some and are not listed in storageReferences.
 */
final class UnnamedReferences {

  /** For one table; what was not searched in that time is told. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String QUERY_CANCELED = "57014";

  private final Connection source;
  private final PostgresSpec spec;
  private final StorageReferenceMapping mapping;
  private final PlanNotes findings;

  private UnnamedReferences(
      Connection source, PostgresSpec spec, StorageReferenceMapping mapping, PlanNotes findings) {
    this.source = source;
    this.spec = spec;
    this.mapping = mapping;
    this.findings = findings;
  }

  /**
   * Searches.
   *
   * @param source in autocommit mode
   */
  static void examine(
      Connection source,
      MigrationRequest request,
      List<TenantTable> tables,
      PlanNotes findings,
      ProgressMonitor monitor)
      throws SQLException {
    StorageReferenceMapping mapping = StorageReferenceMapping.of(request).orElse(null);
    if (mapping == null) {
      return;
    }
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    UnnamedReferences search = new UnnamedReferences(source, spec, mapping, findings);
    String limit = Sql.text(source, "SHOW statement_timeout").orElse("0");
    Sql.execute(source, "SET statement_timeout = " + LIMIT.toMillis());
    try {
      for (TenantTable table : tables) {
        monitor.throwIfCancelled();
        monitor.update(new Progress(0, -1, "", "searching for references in " + table.name()));
        search.search(table, monitor);
      }
    } finally {
      Sql.execute(source, "SET statement_timeout = " + SqlLiterals.quote(limit));
    }
  }

  private void search(TenantTable table, ProgressMonitor monitor) throws SQLException {
    List<ReferenceColumn> named = RequestedReferences.of(source, spec, table.name());
    List<ReferenceColumn> columns =
        ReferenceColumn.of(source, table.name()).stream()
            .filter(column -> !named.contains(column))
            .toList();
    if (columns.isEmpty()) {
      return;
    }
    List<Long> counts;
    try {
      counts = count(table, columns);
    } catch (SQLException e) {
      monitor.throwIfCancelled();
      if (!QUERY_CANCELED.equals(e.getSQLState())) {
        throw e;
      }
      findings.warn(
          table.name(),
          "was not searched completely for references to %s: it took longer than %d s."
              .formatted(mapping.from(), LIMIT.toSeconds()));
      return;
    }
    for (int i = 0; i < columns.size(); i++) {
      if (counts.get(i) > 0) {
        tell(table, columns.get(i), counts.get(i));
      }
    }
  }

  /** One scan for all columns. */
  private List<Long> count(TenantTable table, List<ReferenceColumn> columns) throws SQLException {
    return Sql.one(
        source,
        "SELECT %s FROM %s AS t WHERE %s"
            .formatted(
                columns.stream()
                    .map(
                        column ->
                            "count(*) FILTER (WHERE %s)"
                                .formatted(mapping.isMentioned(column.text())))
                    .collect(Collectors.joining(", ")),
                table.rows().sql(),
                table.predicate()),
        row -> {
          List<Long> counts = new ArrayList<>();
          for (int i = 1; i <= columns.size(); i++) {
            counts.add(row.getLong(i));
          }
          return counts;
        });
  }

  private void tell(TenantTable table, ReferenceColumn column, long count) throws SQLException {
    boolean canBeNamed =
        column.form().isPresent()
            && !table.primaryKey().contains(column.name())
            && Sql.isTrue(
                source,
                "SELECT EXISTS (SELECT FROM %s AS t WHERE (%s) AND %s)"
                    .formatted(table.rows().sql(), table.predicate(), column.isMapped(mapping)));
    findings.warn(
        table.name() + "." + column.name(),
        "has %s mentioning %s. %s"
            .formatted(
                Units.plural(count, "value"),
                mapping.from(),
                canBeNamed
                    ? "Add {table: %s, column: %s} to storageReferences, or they will still refer to the shared storage."
                        .formatted(yaml(table.name().table()), yaml(column.name()))
                    : "Such values are not rewritten and will still refer to the shared storage."));
  }

  private static String yaml(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : "'" + name.replace("'", "''") + "'";
  }
}

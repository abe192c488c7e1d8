package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.activities.postgres.rehearsal.RowExpressions.Evaluated;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tenant's rows on the shared side as they will be loaded: with rewritten references. */
final class RowsToLoad {

  private final Connection session;
  private final Optional<StorageReferenceMapping> mapping;
  private final Map<TableName, List<ReferenceColumn>> references;

  RowsToLoad(Connection session, MigrationContext context) throws SQLException {
    this.session = session;
    this.mapping = StorageReferenceMapping.of(context.request());
    this.references =
        mapping.isEmpty()
            ? Map.of()
            : RequestedReferences.of(session, context.spec(PostgresSpec.class));
  }

  /** Whether references in a table's rows are rewritten. */
  boolean areRewritten(TenantTable table) {
    return !columns(table).isEmpty();
  }

  /** Where they point then; empty where none are rewritten. */
  Optional<String> rewrittenTo(TenantTable table) {
    return areRewritten(table) ? mapping.map(StorageReferenceMapping::to) : Optional.empty();
  }

  /** Counts, in one scan, the rows that would not arrive as they are, for each expression. */
  List<Long> count(TenantTable table, List<Evaluated> evaluated) throws SQLException {
    String counts =
        evaluated.stream()
            .map(one -> "count(*) FILTER (WHERE %s)".formatted(one.wrong()))
            .collect(Collectors.joining(", "));
    return Sql.one(
        session,
        "SELECT %s FROM %s".formatted(counts, rows(table, evaluated.get(0).from())),
        row -> {
          List<Long> found = new ArrayList<>();
          for (int i = 1; i <= evaluated.size(); i++) {
            found.add(row.getLong(i));
          }
          return found;
        });
  }

  private String rows(TenantTable table, TableName from) {
    String rows =
        "%s AS t WHERE %s"
            .formatted(
                // a partition, or the table itself
                (from.equals(table.name()) ? table.rows() : TableRows.of(from)).sql(),
                table.predicate());
    return areRewritten(table)
        ? "(SELECT %s FROM %s) AS t"
            .formatted(
                Stream.concat(table.columns().stream(), table.generatedColumns().stream())
                    .map(column -> value(table, column))
                    .collect(Collectors.joining(", ")),
                rows)
        : rows;
  }

  private String value(TenantTable table, String column) {
    String name = Identifiers.quote(column);
    return columns(table).stream()
        .filter(found -> found.name().equals(column))
        .findFirst()
        .flatMap(found -> mapping.map(found::mapped))
        .map(mapped -> mapped + " AS " + name)
        .orElse("t." + name);
  }

  private List<ReferenceColumn> columns(TenantTable table) {
    return references.getOrDefault(table.name(), List.of());
  }
}

package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByCondition;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.input.SimilarName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges what the request says about single tables' owners, before any SQL of it is used: a
 * condition is read by the server, which says what it is, and asked of no row.
 */
public final class RequestedRules {

  /** Tables that a query reads, by the root where one is a partition. */
  private static final String READ =
      """
      SELECT n.nspname, c.relname, c.relkind IN ('r', 'p') AS is_table
        FROM (SELECT DISTINCT coalesce(pg_partition_root(oid), oid) AS oid
                FROM pg_class WHERE oid = ANY (?) AND relkind NOT IN ('v', 'c', 'i')) named
        JOIN pg_class c ON c.oid = named.oid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname <> 'pg_catalog'
       ORDER BY 1, 2
      """;

  private final QuerySessions sessions;
  private final Connection source;
  private final MigrationContext context;
  private final TenantTables tables;
  private final PlanNotes findings;
  private boolean areConditionsSafe = true;

  public RequestedRules(
      QuerySessions sessions,
      Connection source,
      MigrationContext context,
      TenantTables tables,
      PlanNotes findings) {
    this.sessions = sessions;
    this.source = source;
    this.context = context;
    this.tables = tables;
    this.findings = findings;
  }

  /** Judges all rules; answers whether SQL that holds the request's conditions may be used. */
  public boolean examine() throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    for (Map.Entry<String, TableRule> entry : spec.tables().entrySet()) {
      if (spec.isolation() == PostgresSpec.Isolation.SCHEMA) {
        // of other schemas' tables
        continue;
      }
      TableName name = new TableName(spec.sourceSchema(), entry.getKey());
      SourceTable table = tables.schema().tables().get(entry.getKey());
      TableRule rule = entry.getValue();
      if (table == null) {
        findings.refuse(
            name,
            "is listed in postgres.tables and does not exist",
            "Correct the name, or remove it from postgres.tables."
                + didYouMean(entry.getKey(), tables.schema().tables().keySet()));
      } else if (rule.tenantColumn() != null) {
        examineColumn(table, rule.tenantColumn());
      } else if (rule.where() != null) {
        examineCondition(table, rule.where());
      } else if (!rule.owner().isEmpty()) {
        examineOwner(table, rule.owner());
      }
    }
    return areConditionsSafe;
  }

  private static String didYouMean(String name, Collection<String> others) {
    return SimilarName.of(name, others).map(" Did you mean '%s'?"::formatted).orElse("");
  }

  private void examineColumn(SourceTable table, String column) {
    if (!table.has(column)) {
      findings.refuse(
          table.name(),
          "has no column %s, which postgres.tables names as its tenant column".formatted(column),
          "Correct it."
              + didYouMean(
                  column, table.columns().stream().map(SourceTable.Column::name).toList()));
    }
  }

  private void examineOwner(SourceTable table, List<String> owner) {
    List<ForeignKey> keys = tables.schema().foreignKeysOf(table.name());
    String columns = String.join(", ", owner);
    if (keys.stream().noneMatch(key -> key.isOf(owner))) {
      String known =
          keys.isEmpty()
              ? "It has no foreign key at all: write where instead of owner."
              : "Its foreign keys are of: "
                  + keys.stream()
                      .map(key -> String.join(", ", key.columns()))
                      .collect(Collectors.joining("; "))
                  + ".";
      findings.refuse(
          table.name(),
          "has no foreign key of the columns %s, which postgres.tables names as its owner"
              .formatted(columns),
          "Correct owner. " + known);
    } else if (!tables.scoped().containsKey(table.name().table())) {
      findings.refuse(
          table.name(),
          "has the owner %s, which does not lead to the tenant: it leads nowhere, in a circle, or to a table whose owner is unknown too"
              .formatted(columns),
          "Name another foreign key, or write where instead of owner.");
    }
  }

  /** A session each: what one text does to its session is no other's concern. */
  private void examineCondition(SourceTable table, String where) throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String condition =
        new ByCondition(table.name(), where, context.request().tenantKey(), 0)
            .text(spec.sourceSchema());
    try (ReadOnlySession session =
        sessions.open(
            spec.source(),
            context.migrationId(),
            "plan condition",
            spec.sourceSchema(),
            QueryLimits.PLAN)) {
      requireMoving(table, session.examineRowFilter(table.name(), condition));
    } catch (QueryRefusedException e) {
      refuse(table, e.reason(), e.remedy());
    } catch (SQLException e) {
      if (!PostgresFailures.isFaultOfTheQuery(e)) {
        throw e;
      }
      refuse(
          table,
          "is not valid for the table: " + PostgresFailures.reason(e),
          "Write one condition of the table's columns. Write {schema}. before each other table, and"
              + " {tenantKey} for the tenant's key.");
    }
  }

  /** The dedicated side is checked by the same condition, so what it reads must be there too. */
  private void requireMoving(SourceTable table, Set<Long> relations) throws SQLException {
    Sql.forEach(
        source,
        READ,
        row -> {
          TableName read = new TableName(row.getString("nspname"), row.getString("relname"));
          boolean moves =
              read.schema().equals(tables.schema().name())
                  && (tables.scoped().containsKey(read.table()) || read.equals(table.name()));
          if (!row.getBoolean("is_table") || !moves) {
            refuse(
                table,
                "reads %s, which does not move".formatted(read),
                "Use tables of {schema} that move, so that the dedicated side can be checked by it.");
          }
        },
        Sql.array("oid", relations));
  }

  private void refuse(SourceTable table, String reason, String remedy) {
    areConditionsSafe = false;
    findings.refuse(table.name(), "has a condition in postgres.tables that " + reason, remedy);
  }
}

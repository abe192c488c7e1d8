package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads from the shared database which tables move, and by which rule their rows are the tenant's.
 *
 * <p>It looks at the catalog, and at the data only where the catalog leaves a doubt; {@link
 * TenantScopes} holds the rules.
 */
public final class TenantCatalog {

  private final Connection source;
  private final PostgresSpec spec;
  private final String tenantKey;
  private final CatalogFindings findings = new CatalogFindings();

  private TenantCatalog(Connection source, PostgresSpec spec, String tenantKey) {
    this.source = source;
    this.spec = spec;
    this.tenantKey = tenantKey;
  }

  /**
   * Reads the tables that move. What cannot be moved is a refusal in the answer, not an exception.
   *
   * @param source a connection to the shared database, inside a transaction or not
   * @throws com.matih.tenantmigration.workflow.MigrationException where the catalog cannot be read
   */
  public static TenantTables read(Connection source, MigrationRequest request) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    try {
      TenantCatalog catalog = new TenantCatalog(source, spec, request.tenantKey());
      return ShortStatements.during(source, catalog::read);
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of schema", spec.sourceSchema(), e);
    }
  }

  private TenantTables read() throws SQLException {
    if (!SourceSchema.exists(source, spec.sourceSchema())) {
      findings.refuse(spec.sourceSchema(), "does not exist as a schema", "Correct sourceSchema.");
      return result(List.of(), Map.of());
    }
    SourceSchema schema = SourceSchema.read(source, spec.sourceSchema());
    RequestedTables requested = RequestedTables.resolve(spec, schema, findings);
    Set<String> moving = moving(schema, requested);
    Map<String, Scoped> scoped = settle(schema, moving, requested);
    Map<String, Scope> scopes = new TreeMap<>();
    scoped.forEach((table, settled) -> scopes.put(table, settled.scope()));

    List<TenantTable> tables = new ArrayList<>();
    Map<TableName, TenantPredicate> rules = new LinkedHashMap<>();
    for (Map.Entry<String, Scoped> entry : scoped.entrySet()) {
      SourceTable table = schema.tables().get(entry.getKey());
      TableMovability.examine(table, findings);
      if (isReadable(table, entry.getValue())) {
        tables.add(describe(table, entry.getValue()));
        rules.put(table.name(), entry.getValue().rule());
      }
    }
    TableMovability.examineReferences(schema, scopes, findings);
    TableMovability.examineDependencies(source, schema.name(), requested.excluded(), findings);
    StorageReferenceColumns.examine(spec, schema, scopes.keySet(), findings);
    FunctionTexts.examine(
        source,
        schema.name(),
        schema.name().equals(spec.targetSchema()) ? schema.name() : "",
        findings);
    return result(tables, rules);
  }

  private Set<String> moving(SourceSchema schema, RequestedTables requested) throws SQLException {
    Set<String> excluded = requested.excluded();
    Set<String> unmovable = PartitionMovability.examine(source, schema.name(), excluded, findings);
    Set<String> moving = new TreeSet<>();
    for (SourceTable table : schema.tables().values()) {
      String name = table.name().table();
      if (!excluded.contains(name)
          && !unmovable.contains(name)
          && TableMovability.isCopyable(table, findings)) {
        moving.add(name);
      }
    }
    if (moving.isEmpty() && findings.refusals().isEmpty()) {
      findings.refuse(schema.name(), "has no table that can be migrated", "Correct sourceSchema.");
    }
    return moving;
  }

  private Map<String, Scoped> settle(
      SourceSchema schema, Set<String> moving, RequestedTables requested) {
    if (spec.isolation() == Isolation.SCHEMA) {
      Map<String, Scoped> all = new TreeMap<>();
      for (String table : moving) {
        all.put(table, new Scoped(Scope.TENANT_SCHEMA, TenantPredicate.all(), List.of()));
      }
      return all;
    }
    String tenantColumn = spec.tenantColumn();
    if (tenantColumn == null) {
      findings.refuse(
          schema.name(),
          "is shared by rows, but the request names no tenantColumn",
          "Name the column that marks a tenant's rows.");
      return Map.of();
    }
    Map<String, Scoped> scoped =
        TenantScopes.settle(schema, moving, tenantColumn, tenantKey, requested.references());
    if (scoped.values().stream().noneMatch(table -> table.scope() == Scope.TENANT_COLUMN)) {
      findings.refuse(
          schema.name(),
          "has no table with the tenant column %s".formatted(tenantColumn),
          "Correct tenantColumn or sourceSchema.");
    }
    scoped.forEach(
        (table, settled) -> {
          if (settled.scope() == Scope.TENANT_COLUMN) {
            TableMovability.examineTenantColumn(schema.tables().get(table), tenantColumn, findings);
          }
        });
    for (String table : moving) {
      if (!scoped.containsKey(table)) {
        findings.refuse(
            new TableName(schema.name(), table),
            "has neither the tenant column %s nor a foreign key that leads to a table with it"
                .formatted(tenantColumn),
            "List it in referenceTables to copy all its rows, or in excludeTables to leave it"
                + " out.");
      }
    }
    return scoped;
  }

  private boolean isReadable(SourceTable table, Scoped scoped) throws SQLException {
    Optional<String> obstacle =
        PredicateProbe.obstacle(source, table.name(), scoped.rule(), tenantKey);
    if (obstacle.isPresent()) {
      findings.refuse(
          table.name(),
          obstacle.get(),
          "Correct tenantKey or tenantColumn, or give the source's user SELECT on the table.");
      return false;
    }
    if (!scoped.isDoubtful()) {
      return true;
    }
    Optional<String> torn = TornRows.find(source, table.name(), scoped.ways());
    if (torn.isPresent()) {
      findings.refuse(
          table.name(),
          torn.get(),
          "Give the table the tenant column, correct those rows, or name it in excludeTables.");
      return false;
    }
    findings.warn(
        table.name(),
        "belongs to the tenant by foreign keys that agree on every row today, though the schema"
            + " does"
            + " not make them (%s).".formatted(TornRows.names(scoped.ways())));
    return true;
  }

  private static TenantTable describe(SourceTable table, Scoped scoped) {
    return new TenantTable(
        table.name(),
        scoped.scope(),
        table.copiedColumns(),
        table.generatedColumns(),
        table.primaryKey(),
        scoped.rule().sql(table.name().schema(), "t"),
        table.estimatedRows(),
        table.bytes());
  }

  private TenantTables result(List<TenantTable> tables, Map<TableName, TenantPredicate> rules) {
    return new TenantTables(tables, rules, findings.refusals(), findings.warnings());
  }
}

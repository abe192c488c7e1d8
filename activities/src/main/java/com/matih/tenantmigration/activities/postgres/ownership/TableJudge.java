package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.FunctionTexts;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns;
import com.matih.tenantmigration.activities.postgres.catalog.LargeObjectColumns.LargeObjectColumn;
import com.matih.tenantmigration.activities.postgres.catalog.NamesOfOthers;
import com.matih.tenantmigration.activities.postgres.catalog.OddPartition;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies.Dependency;
import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Judges what the catalog says of the tables: makes refusals and warnings of it, and looks at the
 * data only where the catalog leaves a doubt.
 */
public final class TableJudge {

  private final Connection source;
  private final PostgresSpec spec;
  private final String tenantKey;
  private final TenantTables tables;
  private final boolean areRulesSafe;
  private final SourceSchema schema;
  private final PlanNotes findings;

  private TableJudge(
      Connection source,
      PostgresSpec spec,
      String tenantKey,
      TenantTables tables,
      boolean areRulesSafe,
      PlanNotes findings) {
    this.source = source;
    this.spec = spec;
    this.tenantKey = tenantKey;
    this.tables = tables;
    this.areRulesSafe = areRulesSafe;
    this.schema = tables.schema();
    this.findings = findings;
  }

  /**
   * Judges all tables.
   *
   * @param areRulesSafe whether SQL that holds conditions of the request may be used; no row is
   *     looked at else
   * @return the moving tables whose rows can be read
   */
  public static List<TenantTable> judge(
      Connection source,
      PostgresSpec spec,
      String tenantKey,
      TenantTables tables,
      boolean areRulesSafe,
      PlanNotes findings)
      throws SQLException {
    return new TableJudge(source, spec, tenantKey, tables, areRulesSafe, findings).judge();
  }

  private List<TenantTable> judge() throws SQLException {
    if (!SourceSchema.exists(source, schema.name())) {
      findings.refuse(schema.name(), "does not exist as a schema", "Correct sourceSchema.");
      return List.of();
    }
    RequestedTables.examine(spec, tables, findings);
    examineForms();
    examineScopes();
    List<TenantTable> readable = new ArrayList<>();
    Map<TableName, Set<String>> objectColumns =
        LargeObjectColumns.of(source, tables.tables()).stream()
            .collect(
                Collectors.groupingBy(
                    column -> column.table().name(),
                    Collectors.mapping(LargeObjectColumn::column, Collectors.toSet())));
    for (TenantTable table : tables.tables()) {
      TableMovability.examine(
          tables.described(table), objectColumns.getOrDefault(table.name(), Set.of()), findings);
      if (areRulesSafe && isReadable(table)) {
        readable.add(table);
      }
    }
    NestedReferences.examine(source, tables, TableMovability.BOUND_TO_DATABASE, findings);
    if (areRulesSafe) {
      OwnerlessRows.examine(
          source, tables, readable, spec.nobodysRows(), TimeLimit.OF_PLAN, findings);
      new BrokenKeys(source, tables, TimeLimit.OF_PLAN, findings).examine(readable);
      LargeObjectJudge.examine(source, readable, findings);
      ObjectsByName.examine(source, tables, readable, TimeLimit.OF_PLAN, findings);
      examineOtherSchemas(readable);
    }
    examineExcluded();
    tellForeignPartitions();
    if (areRulesSafe && spec.isolation() == Isolation.ROWS) {
      examineNames();
    }
    examineDependencies();
    StorageReferenceColumns.examine(spec, schema, tables.scoped().keySet(), findings);
    examineFunctions();
    return readable;
  }

  private void examineOtherSchemas(List<TenantTable> readable) throws SQLException {
    RowsElsewhere elsewhere = new RowsElsewhere(source, tables, findings);
    if (spec.isolation() == Isolation.ROWS && spec.tenantColumn() != null) {
      elsewhere.withColumn(spec.tenantColumn(), tenantKey);
    }
    elsewhere.referencing(readable);
  }

  private void examineForms() {
    tables.oddPartitions().stream()
        .filter(odd -> !tables.named().excluded().contains(odd.root().table()))
        .forEach(odd -> PartitionMovability.refuse(odd, findings));
    for (SourceTable table : schema.tables().values()) {
      if (!tables.named().excluded().contains(table.name().table())) {
        TableMovability.examineForm(table, findings);
      }
    }
    if (tables.scoped().isEmpty() && unreachable().isEmpty() && findings.refusals().isEmpty()) {
      findings.refuse(schema.name(), "has no table that can be migrated", "Correct sourceSchema.");
    }
  }

  private void examineScopes() throws SQLException {
    String tenantColumn = spec.tenantColumn();
    if (spec.isolation() == Isolation.SCHEMA) {
      return;
    }
    if (tenantColumn == null) {
      findings.refuse(
          schema.name(),
          "is shared by rows, but the request names no tenantColumn",
          "Name the column that marks a tenant's rows.");
      return;
    }
    Map<String, Scoped> scoped = tables.scoped();
    if (scoped.values().stream().noneMatch(TableJudge::tellsByItself)) {
      findings.refuse(
          schema.name(),
          "has no table with the tenant column %s".formatted(tenantColumn),
          "Correct tenantColumn or sourceSchema.");
    }
    for (Map.Entry<String, Scoped> entry : scoped.entrySet()) {
      if (entry.getValue().rules().tenants() instanceof ByColumn rule) {
        TableMovability.examineTenantColumn(
            schema.tables().get(entry.getKey()), rule.column(), findings);
      }
    }
    Ownership ownership = Ownership.of(spec, tenantKey).orElseThrow();
    new OwnerJudge(source, tables, unreachable(), areRulesSafe, ownership, findings).examine();
  }

  private static boolean tellsByItself(Scoped table) {
    return table.scope() == Scope.TENANT_COLUMN || table.scope() == Scope.CONDITION;
  }

  /** What could be copied, if it were known which rows are the tenant's. */
  private Set<String> unreachable() {
    Set<String> unreachable = new TreeSet<>(tables.undecided());
    unreachable.removeIf(table -> !schema.tables().get(table).kind().isCopyable());
    tables.oddPartitions().forEach(odd -> unreachable.remove(odd.root().table()));
    return unreachable;
  }

  private boolean isReadable(TenantTable table) throws SQLException {
    Scoped scoped = tables.scoped(table);
    Optional<String> obstacle =
        PredicateProbe.obstacle(source, table.rows(), scoped.rules().tenants(), tenantKey);
    if (obstacle.isPresent()) {
      findings.refuse(
          table.name(),
          obstacle.get(),
          "Correct tenantKey or tenantColumn, give the source's user SELECT on the table, or list"
              + " it in excludeTables if none of its rows can be the tenant's.");
      return false;
    }
    if (scoped.rules().tenants() instanceof ByColumn rule) {
      SourceTable described = schema.tables().get(table.name().table());
      TenantKeySpelling.examine(
          source, described, described.column(rule.column()).orElseThrow(), tenantKey, findings);
    }
    if (!scoped.isDoubtful()) {
      return true;
    }
    Optional<String> torn = TornRows.find(source, table.rows(), scoped.ways());
    if (torn.isPresent()) {
      findings.refuse(
          table.name(),
          torn.get(),
          "Write `%s` into postgres.tables if that foreign key alone leads to the owner, give the table the tenant column, correct those rows, or name it in excludeTables."
              .formatted(ownerLine(table, scoped)));
      findings.propose(ownerLine(table, scoped));
      return false;
    }
    findings.warn(
        table.name(),
        "belongs to the tenant by foreign keys that agree on every row today, though the schema"
            + " does not enforce that (%s).".formatted(TornRows.names(scoped.ways())));
    return true;
  }

  private static String ownerLine(TenantTable table, Scoped scoped) {
    Way way =
        scoped.ways().stream()
            .filter(candidate -> candidate.key().mandatory())
            .findFirst()
            .orElse(scoped.ways().get(0));
    return RequestSql.line(table.name().table(), TableRule.byOwner(way.key().columns()));
  }

  private void examineExcluded() throws SQLException {
    String column = spec.tenantColumn();
    for (String name : new TreeSet<>(tables.named().excluded())) {
      SourceTable table = schema.tables().get(name);
      Optional<Long> count =
          column != null && table.has(column) && isOnThisServer(table)
              ? BoundedCount.of(
                  source,
                  BoundedCount.OF_PLAN,
                  "SELECT count(*) FROM %s AS t WHERE t.%s::text = %s"
                      .formatted(
                          table.rows().sql(),
                          Identifiers.quote(column),
                          SqlLiterals.quote(tenantKey)))
              : Optional.empty();
      findings.leave(
          table.name(),
          count.orElse(LeftBehind.UNKNOWN),
          table.kind() == SourceTable.Kind.FOREIGN
              ? "are in a foreign table that excludeTables names, on another server"
              : "are in a table that excludeTables names",
          table.kind() == SourceTable.Kind.FOREIGN
              ? "Move what is on that server by itself; a foreign table does not move."
              : "Remove it from excludeTables.");
    }
    warnOfChildrenThatStay();
  }

  private boolean isOnThisServer(SourceTable table) {
    return switch (table.kind()) {
      case ORDINARY, INHERITED_ELSEWHERE -> true;
      case PARTITIONED ->
          tables.oddPartitions().stream()
              .noneMatch(
                  odd ->
                      odd.root().equals(table.name())
                          && odd.oddity() == OddPartition.Oddity.FOREIGN);
      case FOREIGN, PARTITION_OF_ELSEWHERE -> false;
    };
  }

  /** A query of the table finds rows of these, too, on the shared side only. */
  private void warnOfChildrenThatStay() {
    for (TenantTable table : tables.tables()) {
      List<String> staying =
          tables.described(table).children().stream()
              .filter(child -> tables.named().excluded().contains(child.table()))
              .map(TableName::toString)
              .toList();
      if (!table.inSharedSchema() && !staying.isEmpty()) {
        findings.warn(
            table.name(),
            "moves without the rows of %s, which inherits from it and which excludeTables names. On the dedicated side a query of it does not find them."
                .formatted(String.join(", ", staying)));
      }
    }
  }

  /** TENANT_LEAK looks for the same on the dedicated side. */
  private void examineNames() throws SQLException {
    Set<String> staying = new TreeSet<>(tables.named().excluded());
    tables.foreignPartitions().values().forEach(staying::addAll);
    for (NamesOfOthers.Found found :
        NamesOfOthers.read(source, tables, tenantKey).find(source, schema.name(), staying)) {
      TableName relation = new TableName(schema.name(), found.object());
      if (found.isCertain()) {
        findings.refuse(
            relation,
            "has a %s that names another tenant, and definitions are moved unchanged"
                .formatted(found.where()),
            "Change or drop it on the shared side, or name its table in excludeTables.");
      } else {
        findings.warn(
            relation,
            ("has a %s with a word that is also another tenant's key, and definitions are moved"
                    + " unchanged. It is not compared with the tenant column, so it seems to mean"
                    + " something else. If it means that tenant, change or drop it on the shared side.")
                .formatted(found.where()));
      }
    }
  }

  private void tellForeignPartitions() {
    tables
        .foreignPartitions()
        .forEach(
            (table, partitions) ->
                findings.leave(
                    new TableName(schema.name(), table),
                    partitions.size(),
                    "are partitions that can hold no row of the tenant",
                    "They are other tenants'; their rows cannot move."));
  }

  private void examineDependencies() throws SQLException {
    List<String> staying = new ArrayList<>(tables.named().excluded());
    tables.foreignPartitions().values().forEach(staying::addAll);
    for (Dependency dependency :
        OutsideDependencies.find(source, schema.name(), staying, tables.shared())) {
      findings.refuse(
          dependency.object(),
          "(%s) uses %s %s, which %sis not migrated"
              .formatted(
                  dependency.kind(),
                  dependency.usedKind(),
                  dependency.used(),
                  dependency.owner().map("belongs to %s and therefore "::formatted).orElse("")),
          dependency
              .owner()
              .map(
                  owner ->
                      "ALTER SEQUENCE %s OWNED BY NONE, or let %s move as well."
                          .formatted(dependency.used(), owner))
              .orElse(
                  "Move what it uses to schema %s, or remove the dependency."
                      .formatted(schema.name())));
    }
  }

  private void examineFunctions() throws SQLException {
    String fine = schema.name().equals(spec.targetSchema()) ? schema.name() : "";
    for (FunctionTexts.Naming naming :
        FunctionTexts.find(source, schema.name(), fine, tables.shared())) {
      findings.warn(
          naming.function(),
          ("names the schema %s in its body or settings, which are moved"
                  + " unchanged. Make sure that it works on the target, where the tables"
                  + " are in another schema.")
              .formatted(naming.schemas()));
    }
  }
}

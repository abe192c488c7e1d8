package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Rules;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.client.ShortStatements;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads from the shared database's catalog which tables move, and by which rule their rows are the
 * tenant's; it returns facts, and the plan judges them.
 */
public final class TenantCatalog {

  private TenantCatalog() {}

  /**
   * Reads the tables. What cannot be moved is missing in the answer, or undecided.
   *
   * @param source a connection to the shared database, inside a transaction or not
   * @throws com.matih.tenantmigration.workflow.MigrationException where the catalog cannot be read
   */
  public static TenantTables read(Connection source, MigrationRequest request) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    try {
      return ShortStatements.during(source, () -> read(source, spec, request.tenantKey()));
    } catch (SQLException e) {
      throw PostgresFailures.translate("read the tables of schema", spec.sourceSchema(), e);
    }
  }

  private static TenantTables read(Connection source, PostgresSpec spec, String tenantKey)
      throws SQLException {
    SourceSchema schema = SourceSchema.read(source, spec.sourceSchema());
    ExistingTables named = ExistingTables.of(spec, schema);
    List<OddPartition> odd = OddPartitions.find(source, schema.name());
    Map<String, Scoped> scoped = settle(spec, tenantKey, schema, moving(schema, named, odd));
    Map<String, TenantPredicate> moving = new HashMap<>();
    scoped.forEach(
        (table, settled) ->
            moving.put(
                table,
                spec.nobodysRows() == NobodysRows.CARRY
                    ? settled.rules().orNobodys()
                    : settled.rules().tenants()));
    return new TenantTables(
        schema,
        named,
        odd,
        scoped,
        leaveForeignReferences(source, spec, schema, moving),
        sharedObjects(source, spec, schema, named),
        foreignPartitions(source, spec, tenantKey, scoped));
  }

  /** Where the request leaves such rows behind, each reader of the tables finds the same ones. */
  private static Map<String, TenantPredicate> leaveForeignReferences(
      Connection source,
      PostgresSpec spec,
      SourceSchema schema,
      Map<String, TenantPredicate> moving)
      throws SQLException {
    if (spec.foreignReferences() != ForeignReferences.LEAVE) {
      return moving;
    }
    Map<String, TenantPredicate> left = new HashMap<>();
    ShortStatements.apartFrom(
        source,
        () ->
            left.putAll(
                new ForeignRows(source, schema, SharedObjects.NONE, TimeLimit.NONE).leave(moving)));
    return left;
  }

  /** Where rows tell tenants apart, what the schema uses elsewhere is refused as it is. */
  private static SharedObjects sharedObjects(
      Connection source, PostgresSpec spec, SourceSchema schema, ExistingTables named)
      throws SQLException {
    return spec.isolation() == Isolation.SCHEMA && !schema.tables().isEmpty()
        ? SharedObjectsReader.read(
            source,
            schema.name(),
            List.copyOf(named.excluded()),
            ExistingTables.elsewhere(spec, schema.name()))
        : SharedObjects.NONE;
  }

  private static Map<String, Set<String>> foreignPartitions(
      Connection source, PostgresSpec spec, String tenantKey, Map<String, Scoped> scoped)
      throws SQLException {
    Map<String, String> columns = new HashMap<>();
    scoped.forEach(
        (table, settled) -> {
          if (settled.rules().tenants() instanceof ByColumn rule) {
            columns.put(table, rule.column());
          }
        });
    return ForeignPartitions.find(
        source, spec.sourceSchema(), columns, tenantKey, spec.nobodysRows() == NobodysRows.CARRY);
  }

  private static Set<String> moving(
      SourceSchema schema, ExistingTables named, List<OddPartition> odd) {
    Set<String> moving = new TreeSet<>();
    for (SourceTable table : schema.tables().values()) {
      if (table.kind().isCopyable()) {
        moving.add(table.name().table());
      }
    }
    moving.removeAll(named.excluded());
    odd.forEach(partition -> moving.remove(partition.root().table()));
    return moving;
  }

  private static Map<String, Scoped> settle(
      PostgresSpec spec, String tenantKey, SourceSchema schema, Set<String> moving) {
    if (spec.isolation() == Isolation.SCHEMA) {
      Map<String, Scoped> all = new TreeMap<>();
      for (String table : moving) {
        all.put(table, new Scoped(Scope.TENANT_SCHEMA, Rules.all(), List.of(), false));
      }
      return all;
    }
    return Ownership.of(spec, tenantKey)
        .map(ownership -> TenantScopes.settle(schema, moving, ownership))
        .orElse(Map.of());
  }
}

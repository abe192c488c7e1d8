package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tables of the source's schema: which of them move, and by which rule their rows are the
 * tenant's.
 *
 * @param schema all tables, also those that stay
 * @param named which of them the request names
 * @param oddPartitions why some of the partitioned ones cannot move
 * @param scoped by name those that move, with what leads from their rows to the tenant
 * @param moving by name, by which rule their rows move
 * @param shared what moves along from schemas that tenants share
 * @param foreignPartitions by the partitioned table, partitions that can hold no row of the tenant
 */
public record TenantTables(
    SourceSchema schema,
    ExistingTables named,
    List<OddPartition> oddPartitions,
    Map<String, Scoped> scoped,
    Map<String, TenantPredicate> moving,
    SharedObjects shared,
    Map<String, Set<String>> foreignPartitions) {

  public TenantTables {
    oddPartitions = List.copyOf(oddPartitions);
    scoped = Collections.unmodifiableMap(scoped);
    moving = Map.copyOf(moving);
    foreignPartitions = Map.copyOf(foreignPartitions);
  }

  /** The tables that move, in the order of their names; those of other schemas come last. */
  public List<TenantTable> tables() {
    return Stream.concat(
            scoped.entrySet().stream()
                .map(entry -> describe(schema.tables().get(entry.getKey()), entry.getValue())),
            shared.tables().values().stream().map(table -> describe(table, Scoped.REFERENCE)))
        .toList();
  }

  private TenantTable describe(SourceTable table, Scoped settled) {
    String schemaName = table.name().schema();
    boolean isElsewhere = isElsewhere(table.name());
    return new TenantTable(
        table.name(),
        settled.scope(),
        table.copiedColumns(),
        table.generatedColumns(),
        table.primaryKey(),
        moving(table.name()).sql(schemaName, "t"),
        settled.scope() == Scope.REFERENCE ? "false" : settled.rules().own().sql(schemaName, "t"),
        isElsewhere,
        table.rows().hasChildren(),
        isElsewhere ? Set.of() : foreignPartitions.getOrDefault(table.name().table(), Set.of()),
        table.estimatedRows(),
        table.bytes());
  }

  private boolean isElsewhere(TableName table) {
    return !table.schema().equals(schema.name());
  }

  /** How the catalog describes a moving table. */
  public SourceTable described(TenantTable table) {
    return Objects.requireNonNull(
        table.inSharedSchema()
            ? shared.tables().get(table.name())
            : schema.tables().get(table.name().table()),
        () -> "not a table: " + table.name());
  }

  /** What leads from the rows of a moving table to the tenant. */
  public Scoped scoped(TenantTable table) {
    return scoped(table.name());
  }

  /** What leads from the rows of a moving table of that name to the tenant. */
  public Scoped scoped(TableName table) {
    return isElsewhere(table)
        ? Scoped.REFERENCE
        : Objects.requireNonNull(scoped.get(table.table()), () -> "not a moving table: " + table);
  }

  /** By which rule the rows of a moving table move, for use on either side. */
  public TenantPredicate moving(TableName table) {
    if (isElsewhere(table)) {
      return TenantPredicate.all();
    }
    return Objects.requireNonNull(moving.get(table.table()), () -> "no rule for " + table);
  }

  /** By which rule the rows of a moving table are the tenant's alone. */
  public TenantPredicate own(TenantTable table) {
    return scoped(table).rules().own();
  }

  /** Whether the request has the table copied once the tenant is read-only, and not before. */
  public boolean isCopiedUnderFence(TableName table) {
    return !isElsewhere(table) && named.underFence().contains(table.table());
  }

  /** Tables that neither move nor stay because the request says so. */
  public Set<String> undecided() {
    Set<String> undecided = new TreeSet<>(schema.tables().keySet());
    undecided.removeAll(named.excluded());
    undecided.removeAll(scoped.keySet());
    return undecided;
  }

  /**
   * The tables, for whoever works on them after the plan.
   *
   * @throws MigrationException of type NOT_MOVABLE where the source has changed since the plan so
   *     that it can no longer be moved, naming each object
   */
  public List<TenantTable> requireMovable() {
    Set<String> undecided = undecided();
    if (undecided.isEmpty() && !scoped.isEmpty() && shared.obstacles().isEmpty()) {
      return tables();
    }
    StringBuilder message =
        new StringBuilder("The source can no longer be migrated as it was planned:");
    if (undecided.isEmpty()) {
      message.append(" schema %s has no table that moves.".formatted(schema.name()));
    }
    for (String table : undecided) {
      message.append(
          " %s cannot be moved, or which of its rows are the tenant's is not known."
              .formatted(new TableName(schema.name(), table)));
    }
    for (SharedObjects.Obstacle obstacle : shared.obstacles()) {
      message.append(
          " %s cannot be moved along: %s.".formatted(obstacle.described(), obstacle.reason()));
    }
    throw new MigrationException(
        FailureType.NOT_MOVABLE,
        message.append(" Run plan again, fix what it refuses, and start again.").toString());
  }
}

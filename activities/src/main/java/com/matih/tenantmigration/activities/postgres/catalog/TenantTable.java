package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.util.List;
import java.util.Set;

/**
 * A table of the shared database and which of its rows are the tenant's.
 *
 * @param name the table's name in the source's schema
 * @param scope why its rows, or some of them, belong to the tenant
 * @param columns the columns that are copied, in the table's order, without generated ones
 * @param generatedColumns what the server computes from these
 * @param primaryKey the primary key's columns in the key's order; empty where there is none
 * @param predicate SQL that is true for the rows that move, over the alias {@code t} in the
 *     source's schema; {@code true} where all rows do
 * @param ownPredicate SQL that is true for those of them that are the tenant's alone, so that they
 *     do not change while the fence stands
 * @param inSharedSchema whether it lies outside of the tenant's schema, in one that tenants share,
 *     and keeps that schema's name
 * @param hasChildren whether tables inherit from it, other than as partitions
 * @param foreignPartitions its partitions that can hold no row of the tenant, which stay
 * @param estimatedRows the planner's estimate for the whole table, not the tenant's part
 * @param bytes the whole table's size on disk, without indexes
 */
public record TenantTable(
    TableName name,
    Scope scope,
    List<String> columns,
    List<String> generatedColumns,
    List<String> primaryKey,
    String predicate,
    String ownPredicate,
    boolean inSharedSchema,
    boolean hasChildren,
    Set<String> foreignPartitions,
    long estimatedRows,
    long bytes) {

  public TenantTable {
    columns = List.copyOf(columns);
    generatedColumns = List.copyOf(generatedColumns);
    primaryKey = List.copyOf(primaryKey);
    foreignPartitions = Set.copyOf(foreignPartitions);
  }

  /** About how many bytes so many of its rows take on disk. */
  public long bytesOf(long rows) {
    return rows == 0 ? 0 : Math.round((double) bytes * rows / Math.max(estimatedRows, rows));
  }

  /** Its name on the dedicated side, once the tenant's schema has its own name there. */
  public TableName onTarget(String targetSchema) {
    return inSharedSchema ? name : name.in(targetSchema);
  }

  /** How SQL on the shared side names it where its own rows are meant. */
  public TableRows rows() {
    return new TableRows(name, hasChildren);
  }

  /** How SQL on the dedicated side names it where its own rows are meant. */
  public TableRows rowsOnTarget(String targetSchema) {
    return new TableRows(onTarget(targetSchema), hasChildren);
  }

  /** Whether others may change rows of it that move. */
  public boolean hasSharedRows() {
    return !predicate.equals(ownPredicate);
  }

  /** Why rows of a table belong to the tenant. */
  public enum Scope {
    /** The table has the tenant column. */
    TENANT_COLUMN,
    /** A foreign key ties the table's rows to a tenant's row. */
    FOREIGN_KEY,
    /** SQL of the request tells the tenant's rows. */
    CONDITION,
    /**
     * Copied whole, shared by all tenants: the request names it, or the tenant's schema depends on
     * it.
     */
    REFERENCE,
    /** It stands in the tenant's own schema. */
    TENANT_SCHEMA
  }
}

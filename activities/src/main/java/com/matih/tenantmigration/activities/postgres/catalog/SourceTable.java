package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.util.List;
import java.util.Optional;

/**
 * A table as the source's catalog describes it; a partitioned one without its partitions.
 *
 * @param estimatedRows the planner's estimate
 * @param bytes on disk, without indexes
 * @param primaryKey in the key's order; empty where there is none
 * @param children the tables that inherit from it directly, other than as partitions
 */
public record SourceTable(
    long oid,
    TableName name,
    Kind kind,
    boolean unlogged,
    long estimatedRows,
    long bytes,
    List<Column> columns,
    List<String> primaryKey,
    List<TableName> children) {

  public SourceTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    children = List.copyOf(children);
  }

  /** What kind of table it is, as far as it matters to a copy. */
  public enum Kind {
    ORDINARY,
    PARTITIONED,
    FOREIGN,
    /** A table of another schema inherits from it, other than as a partition. */
    INHERITED_ELSEWHERE,
    /** A partition of a table that lies in another schema. */
    PARTITION_OF_ELSEWHERE;

    /** Whether rows of such a table can be read and written as one, and none stays unnoticed. */
    public boolean isCopyable() {
      return this == ORDINARY || this == PARTITIONED;
    }
  }

  /**
   * A column.
   *
   * @param type the type as SQL names it
   * @param typeName the base type's bare name: a domain's, an array's element's
   * @param builtIn whether that is PostgreSQL's own or an enum, so that {@code =} is known to mean
   *     the same wherever it is asked
   */
  public record Column(
      String name,
      String type,
      String typeName,
      boolean builtIn,
      boolean generated,
      boolean notNull) {}

  /** How SQL names it where its rows are read, and not those of tables that inherit from it. */
  public TableRows rows() {
    return new TableRows(name, !children.isEmpty());
  }

  public boolean has(String column) {
    return column(column).isPresent();
  }

  public Optional<Column> column(String column) {
    return columns.stream().filter(candidate -> candidate.name().equals(column)).findFirst();
  }

  List<String> generatedColumns() {
    return columns.stream().filter(Column::generated).map(Column::name).toList();
  }

  /** What a copy writes: the server computes generated columns itself. */
  public List<String> copiedColumns() {
    return columns.stream().filter(column -> !column.generated()).map(Column::name).toList();
  }
}

package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A foreign key of a table. It is about the table's own rows, and leads to the referenced table's
 * own: rows of tables that inherit from either are no part of it.
 *
 * @param columns the referencing columns, in the order of {@code referencedColumns}
 * @param equalities by which each of them equals its referenced column, in the same order
 * @param validated whether the catalog says that every row obeys it
 * @param mandatory whether none of its columns may be NULL, so that each row has a parent
 * @param hasChildren whether tables inherit from its table, other than as partitions
 * @param referencedHasChildren whether tables inherit so from the referenced one
 */
public record ForeignKey(
    String name,
    TableName table,
    List<String> columns,
    TableName referenced,
    List<String> referencedColumns,
    List<Equality> equalities,
    boolean validated,
    boolean mandatory,
    boolean hasChildren,
    boolean referencedHasChildren) {

  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
    equalities = List.copyOf(equalities);
  }

  /** Whether exactly these columns reference, in any order. */
  public boolean isOf(Collection<String> others) {
    return columns.size() == others.size() && columns.containsAll(others);
  }

  /**
   * SQL by which a referencing row finds the one that it references.
   *
   * @param schema the schema of the side it is asked on
   * @param parent how the referenced row is named
   * @param row how the referencing row is named
   */
  public String join(String schema, String parent, String row) {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i ->
                equalities
                    .get(i)
                    .sql(
                        operatorSchema(equalities.get(i), schema),
                        column(parent, referencedColumns.get(i)),
                        column(row, columns.get(i))))
        .collect(Collectors.joining(" AND "));
  }

  /**
   * The referenced table, which keeps its schema where that is another one.
   *
   * @param schema the schema of the side it is asked on
   */
  public TableName referencedIn(String schema) {
    return referenced.schema().equals(table.schema()) ? referenced.in(schema) : referenced;
  }

  /** How SQL names the referencing rows on the side where its table is in that schema. */
  public TableRows rows(String schema) {
    return new TableRows(table.in(schema), hasChildren);
  }

  /** How SQL names the rows that it leads to; see {@link #referencedIn}. */
  public TableRows referencedRows(String schema) {
    return new TableRows(referencedIn(schema), referencedHasChildren);
  }

  /** An extension may lie in the schema that takes another name on the other side. */
  private String operatorSchema(Equality equality, String schema) {
    return equality.schema().equals(table.schema()) ? schema : equality.schema();
  }

  private static String column(String row, String name) {
    return "%s.%s".formatted(row, Identifiers.quote(name));
  }

  /** SQL that is true where the row references something. */
  public String isSet(String row) {
    return columns.stream()
        .map(name -> column(row, name) + " IS NOT NULL")
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  /**
   * What the foreign key takes for equal, which need not be what {@code =} would resolve to: a type
   * of an extension brings its own operator, and one side may have to be cast as the server does it
   * when it checks the key.
   *
   * @param schema the operator's
   * @param referencedCast the built-in type to cast the referenced column to; empty for none
   * @param cast the built-in type to cast the referencing column to; empty for none
   */
  public record Equality(String schema, String operator, String referencedCast, String cast) {

    private static final String BUILT_IN = "pg_catalog";

    /**
     * The condition as SQL.
     *
     * @param operatorSchema where the operator lies on the side that is asked
     */
    String sql(String operatorSchema, String referenced, String referencing) {
      return "%s %s %s"
          .formatted(
              cast(referenced, referencedCast),
              operatorSchema.equals(BUILT_IN)
                  ? operator
                  : "OPERATOR(%s.%s)".formatted(Identifiers.quote(operatorSchema), operator),
              cast(referencing, cast));
    }

    private static String cast(String column, String type) {
      return type.isEmpty()
          ? column
          : "CAST(%s AS %s.%s)".formatted(column, BUILT_IN, Identifiers.quote(type));
    }
  }
}

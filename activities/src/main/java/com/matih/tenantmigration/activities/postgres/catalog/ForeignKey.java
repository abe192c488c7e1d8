package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.List;

/**
 * A foreign key of a table.
 *
 * @param columns the referencing columns, in the order of {@code referencedColumns}
 * @param equalities by which each of them equals its referenced column, in the same order
 * @param mandatory whether none of its columns may be NULL, so that each row has a parent
 */
public record ForeignKey(
    String name,
    TableName table,
    List<String> columns,
    TableName referenced,
    List<String> referencedColumns,
    List<Equality> equalities,
    boolean mandatory) {

  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
    equalities = List.copyOf(equalities);
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

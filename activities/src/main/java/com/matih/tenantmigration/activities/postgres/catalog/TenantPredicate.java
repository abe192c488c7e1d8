package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rule by which a table's rows are the tenant's, as SQL for either side and for triggers. */
public sealed interface TenantPredicate {

  /** Every row is the tenant's, or shared by all. */
  static TenantPredicate all() {
    return new All();
  }

  /**
   * SQL that is true for the tenant's rows, and false or NULL for others.
   *
   * @param schema the schema of the side it is asked on
   * @param row how the row is named: an alias, or {@code NEW} and {@code OLD} in a trigger
   */
  default String sql(String schema, String row) {
    return sql(schema, row, 1);
  }

  /** See {@link #sql(String, String)}; the depth numbers the aliases of nested lookups. */
  String sql(String schema, String row, int depth);

  /** How many foreign keys lead from the row to the tenant, the longest way. */
  int depth();

  /** See {@link #all}. */
  record All() implements TenantPredicate {
    @Override
    public String sql(String schema, String row, int depth) {
      return "true";
    }

    @Override
    public int depth() {
      return 0;
    }
  }

  /** The row's tenant column holds the tenant's key. */
  record ByColumn(String column, String tenantKey) implements TenantPredicate {
    @Override
    public String sql(String schema, String row, int depth) {
      return "%s.%s = %s".formatted(row, Identifiers.quote(column), SqlLiterals.quote(tenantKey));
    }

    @Override
    public int depth() {
      return 0;
    }
  }

  /** At least one of the row's foreign keys leads to a row of the tenant. */
  record ByForeignKey(List<Way> ways) implements TenantPredicate {

    public ByForeignKey {
      ways = List.copyOf(ways);
    }

    @Override
    public String sql(String schema, String row, int depth) {
      String any =
          ways.stream().map(way -> way.sql(schema, row, depth)).collect(Collectors.joining(" OR "));
      return ways.size() == 1 ? any : "(" + any + ")";
    }

    /** SQL that is true where any of the ways is used, wherever it leads. */
    public String isSet(String row) {
      return ways.stream().map(way -> way.isSet(row)).collect(Collectors.joining(" OR ", "(", ")"));
    }

    @Override
    public int depth() {
      return 1 + ways.stream().mapToInt(way -> way.parentRule().depth()).max().orElse(0);
    }
  }

  /**
   * One foreign key that leads to the tenant.
   *
   * @param parentRule why a row of the parent is the tenant's
   */
  record Way(ForeignKey key, TenantPredicate parentRule) {

    public String sql(String schema, String row, int depth) {
      String parent = "p" + depth;
      String join =
          IntStream.range(0, key.columns().size())
              .mapToObj(
                  i ->
                      key.equalities()
                          .get(i)
                          .sql(
                              operatorSchema(key.equalities().get(i), schema),
                              column(parent, key.referencedColumns().get(i)),
                              column(row, key.columns().get(i))))
              .collect(Collectors.joining(" AND "));
      return "EXISTS (SELECT 1 FROM %s AS %s WHERE %s AND %s)"
          .formatted(
              Identifiers.quote(key.referenced().in(schema)),
              parent,
              join,
              parentRule.sql(schema, parent, depth + 1));
    }

    /** An extension may lie in the schema that takes another name on the other side. */
    private String operatorSchema(ForeignKey.Equality equality, String schema) {
      return equality.schema().equals(key.table().schema()) ? schema : equality.schema();
    }

    private static String column(String row, String name) {
      return "%s.%s".formatted(row, Identifiers.quote(name));
    }

    /** SQL that is true where the row uses this foreign key, wherever it leads. */
    public String isSet(String row) {
      return key.columns().stream()
          .map(name -> column(row, name) + " IS NOT NULL")
          .collect(Collectors.joining(" AND ", "(", ")"));
    }
  }
}

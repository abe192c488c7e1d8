package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  /** How many lookups lead from the row to the tenant, the longest way. */
  int depth();

  /** Whether the row alone tells, so that a trigger's WHEN clause can ask. */
  default boolean isOfRowAlone() {
    return depth() == 0;
  }

  /** Whether SQL of the request is part of it. */
  boolean holdsCondition();

  /** SQL that is true for each row that may be the tenant's, wherever its lookups lead. */
  default String mayBe(String row) {
    return "true";
  }

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

    @Override
    public boolean holdsCondition() {
      return false;
    }
  }

  /**
   * The row's tenant column holds the tenant's key.
   *
   * @param orNobodys whether rows where it is NULL count too
   */
  record ByColumn(String column, String tenantKey, boolean orNobodys) implements TenantPredicate {
    @Override
    public String sql(String schema, String row, int depth) {
      String name = row + "." + Identifiers.quote(column);
      String isTenants = "%s = %s".formatted(name, SqlLiterals.quote(tenantKey));
      return orNobodys ? "(%s OR %s IS NULL)".formatted(isTenants, name) : isTenants;
    }

    @Override
    public int depth() {
      return 0;
    }

    @Override
    public boolean holdsCondition() {
      return false;
    }
  }

  /**
   * At least one of the row's foreign keys leads to a row of the tenant.
   *
   * @param orNobodys whether rows where none of them is set count too
   */
  record ByForeignKey(List<Way> ways, boolean orNobodys) implements TenantPredicate {

    public ByForeignKey {
      ways = List.copyOf(ways);
    }

    @Override
    public String sql(String schema, String row, int depth) {
      String any =
          ways.stream().map(way -> way.sql(schema, row, depth)).collect(Collectors.joining(" OR "));
      if (orNobodys) {
        return "(%s OR NOT %s)".formatted(any, isSet(row));
      }
      return ways.size() == 1 ? any : "(" + any + ")";
    }

    /** SQL that is true where any of the ways is used, wherever it leads. */
    public String isSet(String row) {
      return ways.stream().map(way -> way.isSet(row)).collect(Collectors.joining(" OR ", "(", ")"));
    }

    @Override
    public String mayBe(String row) {
      return orNobodys ? "true" : isSet(row);
    }

    @Override
    public int depth() {
      return 1 + ways.stream().mapToInt(way -> way.parentRule().depth()).max().orElse(0);
    }

    @Override
    public boolean holdsCondition() {
      return ways.stream().anyMatch(way -> way.parentRule().holdsCondition());
    }
  }

  /**
   * The request's SQL over the table's columns is true.
   *
   * <p>Its columns are written without an alias, or behind the table's name. Where the row has
   * another name here, the SQL is asked of a row of the table's name that is made of it.
   *
   * @param depth more than that of every rule of the tables that it reads
   */
  record ByCondition(TableName table, String where, String tenantKey, int depth)
      implements TenantPredicate {

    private static final Pattern PLACEHOLDER =
        Pattern.compile(
            Pattern.quote(TableRule.SCHEMA) + "|" + Pattern.quote(TableRule.TENANT_KEY));

    @Override
    public String sql(String schema, String row, int depth) {
      String condition = text(schema);
      return isRecord(row) || namesItsTable()
          ? "EXISTS (SELECT 1 FROM (SELECT %s.*) AS %s WHERE (\n%s\n))"
              .formatted(row, Identifiers.quote(table.table()), condition)
          : "(\n" + condition + "\n)";
    }

    /** The request's SQL with its placeholders replaced. */
    public String text(String schema) {
      // in one pass, so that a value never passes for a placeholder
      return PLACEHOLDER
          .matcher(where)
          .replaceAll(
              found ->
                  Matcher.quoteReplacement(
                      found.group().equals(TableRule.SCHEMA)
                          ? Identifiers.quote(schema)
                          : SqlLiterals.quote(tenantKey)));
    }

    private static boolean isRecord(String row) {
      return row.equals("NEW") || row.equals("OLD");
    }

    private boolean namesItsTable() {
      return Pattern.compile(Pattern.quote(table.table()), Pattern.CASE_INSENSITIVE)
          .matcher(where)
          .find();
    }

    @Override
    public boolean isOfRowAlone() {
      return false;
    }

    @Override
    public boolean holdsCondition() {
      return true;
    }
  }

  /**
   * A rule, without the rows that another tenant's rows reference: those are the tenant's, but not
   * the tenant's alone.
   */
  record Exclusive(TenantPredicate rule, List<Use> uses) implements TenantPredicate {

    public Exclusive {
      uses = List.copyOf(uses);
    }

    @Override
    public String sql(String schema, String row, int depth) {
      return uses.stream()
          .map(use -> " AND NOT " + use.sql(schema, row, depth))
          .collect(Collectors.joining("", "(" + rule.sql(schema, row, depth), ")"));
    }

    @Override
    public int depth() {
      return rule.depth();
    }

    @Override
    public boolean isOfRowAlone() {
      return false;
    }

    @Override
    public boolean holdsCondition() {
      return rule.holdsCondition();
    }
  }

  /** A rule, without the rows whose foreign keys are set and do not lead where they must. */
  record Leading(TenantPredicate rule, List<Way> ways) implements TenantPredicate {

    public Leading {
      ways = List.copyOf(ways);
    }

    @Override
    public String sql(String schema, String row, int depth) {
      return ways.stream()
          .map(way -> " AND (NOT %s OR %s)".formatted(way.isSet(row), way.sql(schema, row, depth)))
          .collect(Collectors.joining("", "(" + rule.sql(schema, row, depth), ")"));
    }

    @Override
    public int depth() {
      return 1
          + Math.max(
              rule.depth(),
              ways.stream().mapToInt(way -> way.parentRule().depth()).max().orElse(0));
    }

    @Override
    public boolean holdsCondition() {
      return rule.holdsCondition()
          || ways.stream().anyMatch(way -> way.parentRule().holdsCondition());
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
      return "EXISTS (SELECT 1 FROM %s AS %s WHERE %s AND %s)"
          .formatted(
              key.referencedRows(schema).sql(),
              parent,
              key.join(schema, parent, row),
              parentRule.sql(schema, parent, depth + 1));
    }

    /** SQL that is true where the row uses this foreign key, wherever it leads. */
    public String isSet(String row) {
      return key.isSet(row);
    }
  }

  /**
   * A foreign key of a table with a tenant column, by which other tenants' rows use a row.
   *
   * @param tenantColumn the referencing table's
   */
  record Use(ForeignKey key, String tenantColumn, String tenantKey) {

    /** SQL that is true where a row of another tenant references the row. */
    public String sql(String schema, String row, int depth) {
      return sql(schema, row, "u" + depth, "<>");
    }

    /** SQL that is true where a row of the tenant references the row. */
    public String ownSql(String schema, String row) {
      return sql(schema, row, "u1", "=");
    }

    private String sql(String schema, String row, String user, String operator) {
      return "EXISTS (SELECT 1 FROM %s AS %s WHERE %s AND %s.%s %s %s)"
          .formatted(
              key.rows(schema).sql(),
              user,
              key.join(schema, row, user),
              user,
              Identifiers.quote(tenantColumn),
              operator,
              SqlLiterals.quote(tenantKey));
    }
  }
}

package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.All;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByCondition;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Exclusive;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Leading;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a rule as SQL that a person would write into a request, and lines of YAML around it. */
final class RequestSql {

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words that a name cannot be without quotes, of those that are names of columns and tables. */
  private static final Set<String> RESERVED =
      Set.of(
          "all",
          "analyse",
          "analyze",
          "and",
          "any",
          "array",
          "as",
          "asc",
          "authorization",
          "both",
          "case",
          "cast",
          "check",
          "collate",
          "column",
          "constraint",
          "create",
          "cross",
          "default",
          "desc",
          "distinct",
          "do",
          "else",
          "end",
          "except",
          "false",
          "fetch",
          "for",
          "foreign",
          "freeze",
          "from",
          "full",
          "grant",
          "group",
          "having",
          "in",
          "initially",
          "inner",
          "intersect",
          "into",
          "is",
          "isnull",
          "join",
          "leading",
          "left",
          "like",
          "limit",
          "localtime",
          "natural",
          "not",
          "notnull",
          "null",
          "offset",
          "on",
          "only",
          "or",
          "order",
          "outer",
          "overlaps",
          "placing",
          "primary",
          "references",
          "returning",
          "right",
          "select",
          "similar",
          "some",
          "symmetric",
          "table",
          "then",
          "to",
          "trailing",
          "true",
          "union",
          "unique",
          "user",
          "using",
          "variadic",
          "verbose",
          "when",
          "where",
          "window",
          "with");

  private RequestSql() {}

  /** Rows that rows of a table reference by a key, where the rule says whose those rows are. */
  static String referencedBy(ForeignKey key, TenantPredicate rule) {
    return "%s IN (SELECT %s FROM {schema}.%s%s)"
        .formatted(
            tuple(key.referencedColumns()),
            list(key.columns()),
            name(key.table().table()),
            where(rule));
  }

  /** Rows whose columns hold a key of rows that a rule picks. */
  static String leadingTo(
      String columns, String referencedColumns, String referenced, TenantPredicate rule) {
    return "%s IN (SELECT %s FROM {schema}.%s%s)"
        .formatted(columns, referencedColumns, name(referenced), where(rule));
  }

  private static String where(TenantPredicate rule) {
    return rule instanceof All ? "" : " WHERE " + condition(rule);
  }

  private static String condition(TenantPredicate rule) {
    if (rule instanceof ByColumn column) {
      return name(column.column()) + " = " + TableRule.TENANT_KEY;
    }
    if (rule instanceof ByCondition condition) {
      return "(" + condition.where() + ")";
    }
    if (rule instanceof Exclusive exclusive) {
      return condition(exclusive.rule());
    }
    if (rule instanceof Leading leading) {
      return condition(leading.rule());
    }
    if (rule instanceof ByForeignKey keys) {
      return keys.ways().stream()
          .map(
              way ->
                  leadingTo(
                      tuple(way.key().columns()),
                      list(way.key().referencedColumns()),
                      way.key().referenced().table(),
                      way.parentRule()))
          .collect(Collectors.joining(" OR "));
    }
    return "true";
  }

  private static String tuple(List<String> names) {
    return names.size() == 1 ? name(names.get(0)) : "(" + list(names) + ")";
  }

  private static String list(List<String> names) {
    return names.stream().map(RequestSql::name).collect(Collectors.joining(", "));
  }

  /** A name as SQL, in quotes only where it needs them. */
  static String name(String name) {
    return PLAIN.matcher(name).matches() && !RESERVED.contains(name)
        ? name
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A line of {@code postgres.tables}. */
  static String line(String table, TableRule rule) {
    return "%s: {%s}".formatted(PLAIN_KEY.matcher(table).matches() ? table : text(table), of(rule));
  }

  private static String of(TableRule rule) {
    if (rule.tenantColumn() != null) {
      return "tenantColumn: " + scalar(rule.tenantColumn());
    }
    if (rule.where() != null) {
      return "where: " + text(rule.where());
    }
    return rule.owner().isEmpty()
        ? "sharedWithAll: true"
        : "owner: "
            + (rule.owner().size() == 1
                ? scalar(rule.owner().get(0))
                : rule.owner().stream()
                    .map(RequestSql::scalar)
                    .collect(Collectors.joining(", ", "[", "]")));
  }

  private static String scalar(String value) {
    return PLAIN_KEY.matcher(value).matches() ? value : text(value);
  }

  private static String text(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

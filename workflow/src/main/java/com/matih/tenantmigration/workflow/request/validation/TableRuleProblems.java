package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.List;
import java.util.Map;

/** What is wrong with what a request says about single tables' owners. */
final class TableRuleProblems {

  private static final String TABLES = "postgres.tables";
  private static final String ONE_OF = "tenantColumn, where, owner and sharedWithAll: true";
  private static final int MOST_COLUMNS = 32;

  private TableRuleProblems() {}

  static void find(Problems problems, PostgresSpec postgres) {
    if (postgres.isolation() == Isolation.SCHEMA) {
      String why = "is not allowed with isolation: schema, where every row is the tenant's";
      String remedy = "Remove it, or write isolation: rows.";
      postgres
          .tables()
          .forEach(
              (table, rule) ->
                  problems.require(
                      rule.isShared() && PostgresProblems.isQualified(table),
                      TABLES + "." + table,
                      why,
                      "Remove it. Only a table of another schema may be listed, as"
                          + " 'schema.table: {sharedWithAll: true}'."));
      problems.require(
          postgres.nobodysRows() == NobodysRows.REFUSE, "postgres.nobodysRows", why, remedy);
      problems.require(
          postgres.foreignReferences() == ForeignReferences.REFUSE,
          "postgres.foreignReferences",
          why,
          remedy);
    }
    for (Map.Entry<String, TableRule> entry : postgres.tables().entrySet()) {
      String path = TABLES + "." + entry.getKey();
      PostgresProblems.tableName(problems, postgres, entry.getKey(), path);
      rule(problems, entry.getValue(), path);
      elsewhere(problems, postgres, entry.getKey(), entry.getValue(), path);
    }
  }

  private static void rule(Problems problems, TableRule rule, String path) {
    int said = 0;
    if (rule.tenantColumn() != null) {
      said++;
      PostgresProblems.nameOf(problems, rule.tenantColumn(), path + ".tenantColumn");
    }
    if (rule.where() != null) {
      said++;
      where(problems, rule.where(), path + ".where");
    }
    if (!rule.owner().isEmpty()) {
      said++;
      owner(problems, rule.owner(), path + ".owner");
    }
    if (rule.sharedWithAll() != null) {
      said++;
      problems.require(
          rule.isShared(),
          path + ".sharedWithAll",
          "is false, which says nothing",
          "Remove it, or write true to copy the table whole.");
    }
    problems.require(
        said == 1,
        path,
        said == 0 ? "says nothing" : "says several things at once",
        "Write exactly one of %s.".formatted(ONE_OF));
  }

  private static void where(Problems problems, String where, String path) {
    problems.text(where, path);
    problems.require(
        !where.contains("'" + TableRule.TENANT_KEY) && !where.contains(TableRule.TENANT_KEY + "'"),
        path,
        "has {tenantKey} in quotes",
        "Write {tenantKey} without quotes: it is replaced by a quoted value.");
  }

  private static void owner(Problems problems, List<String> owner, String path) {
    for (int i = 0; i < owner.size(); i++) {
      PostgresProblems.nameOf(
          problems, owner.get(i), owner.size() == 1 ? path : path + "[" + i + "]");
    }
    problems.distinct(owner, column -> column, path, "");
    problems.count(owner, MOST_COLUMNS, path);
  }

  private static void elsewhere(
      Problems problems, PostgresSpec postgres, String table, TableRule rule, String path) {
    problems.require(
        !postgres.excludeTables().contains(table),
        path,
        "is about a table that is also in excludeTables",
        "Keep it in one of the two.");
    problems.require(
        rule.isShared() || !postgres.referenceTables().contains(table),
        path,
        "says which rows are the tenant's, but referenceTables has the table copied whole",
        "Keep it in one of the two.");
  }
}

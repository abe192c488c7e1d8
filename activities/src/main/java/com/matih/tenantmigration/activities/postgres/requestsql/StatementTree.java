package com.matih.tenantmigration.activities.postgres.requestsql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server understands a statement to be: its own tree of the statement, after names were
 * resolved and views and policies were put in ({@code debug_print_rewritten} of the manual, "Error
 * Reporting and Logging").
 *
 * <p>The tree names functions, operators and relations by their numbers in the catalog, so no
 * alias, quoting, comment, overload or view hides one. A name that the statement chose stands in it
 * with a backslash before each blank and brace, and cannot pass for a part of the tree.
 *
 * @param isQuery whether it is one SELECT, VALUES or TABLE, WITH included
 * @param changes whether a part of it inserts, updates, deletes or merges
 * @param locks whether it locks the rows that it reads
 * @param asksSession whether it names the current time, user or schema by a key word
 * @param functions what it calls, by {@code pg_proc.oid}
 * @param operators what it calls by an operator, by {@code pg_operator.oid}
 * @param relations what it reads, by {@code pg_class.oid}
 */
record StatementTree(
    boolean isQuery,
    boolean changes,
    boolean locks,
    boolean asksSession,
    Set<Long> functions,
    Set<Long> operators,
    Set<Long> relations) {

  /** The trees of a statement; a rule can make several of one. */
  private static final Pattern QUERY = Pattern.compile("\\{QUERY\\s+:commandType\\s+(\\d+)");

  /** {@code CMD_SELECT} of nodes.h, the same in every version. */
  private static final String SELECT = "1";

  private static final Pattern FUNCTION =
      Pattern.compile(":(?:funcid|opfuncid|aggfnoid|winfnoid|tsmhandler)\\s+(\\d+)");
  private static final Pattern OPERATOR = Pattern.compile(":(?:opno|eqop|sortop)\\s+(\\d+)");
  private static final Pattern OPERATORS = Pattern.compile(":opnos\\s+\\(o((?:\\s+\\d+)+)\\)");
  private static final Pattern RELATION = Pattern.compile(":relid\\s+(\\d+)");
  private static final Pattern CHANGES = Pattern.compile(":hasModifyingCTE\\s+true");
  private static final Pattern LOCKS = Pattern.compile(":hasForUpdate\\s+true");
  private static final Pattern ASKS_SESSION = Pattern.compile("\\{SQLVALUEFUNCTION\\s");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  StatementTree {
    functions = Set.copyOf(functions);
    operators = Set.copyOf(operators);
    relations = Set.copyOf(relations);
  }

  /** Reads what the server printed: one text for each statement that was sent. */
  static StatementTree read(List<String> printed) {
    String all = String.join("\n", printed);
    boolean isQuery = printed.size() == 1;
    boolean first = true;
    boolean changes = CHANGES.matcher(all).find();
    Matcher queries = QUERY.matcher(all);
    while (queries.find()) {
      boolean selects = queries.group(1).equals(SELECT);
      if (first) {
        isQuery &= selects;
      } else {
        changes |= !selects;
      }
      first = false;
    }
    Set<Long> operators = numbers(OPERATOR, all);
    Matcher lists = OPERATORS.matcher(all);
    while (lists.find()) {
      Matcher number = NUMBER.matcher(lists.group(1));
      while (number.find()) {
        operators.add(Long.valueOf(number.group()));
      }
    }
    return new StatementTree(
        isQuery && !first,
        changes,
        LOCKS.matcher(all).find(),
        ASKS_SESSION.matcher(all).find(),
        numbers(FUNCTION, all),
        operators,
        numbers(RELATION, all));
  }

  private static Set<Long> numbers(Pattern pattern, String text) {
    Set<Long> numbers = new HashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      numbers.add(Long.valueOf(matcher.group(1)));
    }
    return numbers;
  }
}

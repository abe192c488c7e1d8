package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Orders the tables that conditions of the request pick rows of: one comes after all tables that
 * its condition reads, so that those are fenced first.
 *
 * <p>Which ones it reads is told by their names in its text. A name that only looks like one makes
 * the order stricter than need be, and changes nothing else.
 */
final class ConditionDepths {

  /** More than any chain of foreign keys is long. */
  private static final int STEP = 1_000;

  private final Map<String, String> conditions = new HashMap<>();
  private final Map<String, Integer> depths = new HashMap<>();

  ConditionDepths(Map<String, TableRule> rules, Set<String> moving) {
    rules.forEach(
        (table, rule) -> {
          if (rule.where() != null && moving.contains(table)) {
            conditions.put(table, rule.where());
          }
        });
  }

  int of(String table) {
    return depth(table, new HashSet<>());
  }

  private int depth(String table, Set<String> asked) {
    Integer known = depths.get(table);
    if (known != null) {
      return known;
    }
    int deepest = 0;
    // in a circle none can come first
    if (asked.add(table)) {
      for (String other : conditions.keySet()) {
        if (!other.equals(table) && names(table, other)) {
          deepest = Math.max(deepest, depth(other, asked));
        }
      }
      depths.put(table, deepest + STEP);
    }
    return deepest + STEP;
  }

  private boolean names(String table, String other) {
    return Pattern.compile("\\b" + Pattern.quote(other) + "\\b", Pattern.CASE_INSENSITIVE)
        .matcher(conditions.getOrDefault(table, ""))
        .find();
  }
}

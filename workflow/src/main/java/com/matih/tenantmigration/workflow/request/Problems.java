package com.matih.tenantmigration.workflow.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one request; the rules that all stores share are here. */
final class Problems {

  private final List<RequestProblem> found = new ArrayList<>();

  List<RequestProblem> found() {
    return List.copyOf(found);
  }

  void add(String path, String problem, String remedy) {
    found.add(new RequestProblem(path, problem, remedy));
  }

  /** Notes the problem where the condition does not hold; answers whether it holds. */
  boolean require(boolean condition, String path, String problem, String remedy) {
    if (!condition) {
      add(path, problem, remedy);
    }
    return condition;
  }

  /** A whole part of the request that has to be there. */
  boolean present(@Nullable Object part, String path) {
    return require(part != null, path, "is missing", "Add it.");
  }

  /** A text that has to be there and say something. */
  boolean text(@Nullable String value, String path) {
    return present(value, path) && filled(value, path);
  }

  private boolean filled(@Nullable String value, String path) {
    return require(
        value != null && !value.isBlank(), path, "is blank", "Write the value, or remove the key.");
  }

  void range(int value, int least, int most, String path) {
    require(
        value >= least && value <= most,
        path,
        "is out of range",
        "Write a whole number from %d to %d.".formatted(least, most));
  }

  /** No two entries may have the same key; entries without one are told about elsewhere. */
  <T> void distinct(List<T> entries, Function<T, @Nullable String> key, String path, String name) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      String value = key.apply(entries.get(i));
      if (value != null && !value.isBlank()) {
        String where = path + "[" + i + "]" + (name.isEmpty() ? "" : "." + name);
        require(
            seen.add(value), where, "stands here for the second time", "Remove one of the two.");
      }
    }
  }

  /**
   * A prefix must end in what no name contains, or it also fits the names that go on with more
   * letters: {@code tenants/acme} fits the objects of {@code acme-labs}.
   */
  void prefix(@Nullable String prefix, String path) {
    if (prefix == null || prefix.isEmpty()) {
      return;
    }
    int last = prefix.codePointBefore(prefix.length());
    require(
        !Character.isLetterOrDigit(last) && "-_.".indexOf(last) < 0,
        path,
        "does not end in a delimiter, so it would fit other tenants as well",
        "End it in a character that no tenant's name contains, such as / or :.");
  }
}

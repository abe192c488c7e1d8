package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one request; the rules that all stores share are here. */
final class Problems {

  /** What is more is not read by anybody; the first are to be corrected anyway. */
  private static final int MOST = 100;

  private final Set<RequestProblem> found = new LinkedHashSet<>();

  List<RequestProblem> found() {
    List<RequestProblem> first = new ArrayList<>(found.stream().limit(MOST).toList());
    if (found.size() > MOST) {
      first.add(
          new RequestProblem(
              "", "has more problems (%d)".formatted(found.size() - MOST), "Fix these first."));
    }
    return List.copyOf(first);
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

  /** A duration between nothing and the longest, both included. */
  void duration(Duration value, Duration longest, String path) {
    require(
        !value.isNegative() && value.compareTo(longest) <= 0,
        path,
        value.isNegative() ? "is negative" : "is too long",
        "Write a duration such as 5s, at most %s.".formatted(ShortDuration.format(longest)));
  }

  /** A duration between two bounds, both included. */
  void duration(Duration value, Duration shortest, Duration longest, String path) {
    require(
        value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0,
        path,
        "is out of range",
        "Write a duration from %s to %s."
            .formatted(ShortDuration.format(shortest), ShortDuration.format(longest)));
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

  void count(List<?> entries, int most, String path) {
    require(
        entries.size() <= most, path, "has too many entries", "Write at most %d.".formatted(most));
  }

  /** No two entries may have the same key; entries without one are told about elsewhere. */
  <T> void distinct(List<T> entries, Function<T, @Nullable String> key, String path, String name) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      String value = key.apply(entries.get(i));
      if (value != null && !value.isBlank()) {
        String where = path + "[" + i + "]" + (name.isEmpty() ? "" : "." + name);
        require(seen.add(value), where, "is listed twice", "Remove one of the two.");
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
        "does not end in a delimiter, so it would match other tenants as well",
        "End it with a character that no tenant's name contains, such as / or :.");
  }
}

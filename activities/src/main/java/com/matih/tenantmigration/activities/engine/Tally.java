package com.matih.tenantmigration.activities.engine;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of many things, told shortly: those with the same fate are counted and named
 * together, each once however often it is noted.
 */
public final class Tally {

  private static final int NAMED = 10;

  private final Map<Fate, Set<String>> things = new LinkedHashMap<>();

  /** Notes what became of a thing. */
  public void add(Fate fate, String name) {
    things.computeIfAbsent(fate, known -> new LinkedHashSet<>()).add(name);
  }

  public boolean isEmpty() {
    return things.isEmpty();
  }

  /** All of it in one line, parts separated by semicolons. */
  @Override
  public String toString() {
    return things.entrySet().stream()
        .map(entry -> entry.getKey().tell(List.copyOf(entry.getValue())))
        .collect(Collectors.joining("; "));
  }

  /**
   * What can become of things of one kind.
   *
   * @param one with {@code %s} for the name, such as {@code topic %s deleted}
   * @param many with {@code %d} for the count, such as {@code %d topics deleted}; the names follow
   */
  public record Fate(String one, String many) {

    private String tell(List<String> names) {
      if (names.size() == 1) {
        return one.formatted(names.get(0));
      }
      String named = names.stream().limit(NAMED).collect(Collectors.joining(", "));
      int more = names.size() - NAMED;
      return many.formatted(names.size())
          + " (%s%s)".formatted(named, more > 0 ? " and %d more".formatted(more) : "");
    }
  }
}

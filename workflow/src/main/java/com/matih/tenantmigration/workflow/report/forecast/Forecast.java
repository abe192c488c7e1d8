package com.matih.tenantmigration.workflow.report.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long something is expected to take, part by part.
 *
 * @param seconds all of it
 * @param parts its phases, one after the other, each followed by its stores. Stores work side by
 *     side, so a phase takes about as long as the slowest of them; in DRAIN the cache comes after
 *     the rows
 */
public record Forecast(double seconds, List<Part> parts) {

  public Forecast {
    parts = List.copyOf(parts);
  }

  /**
   * A phase, or a store's part of it.
   *
   * @param store the store's key in the request; {@code null} for the whole phase
   */
  public record Part(
      Phase phase,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String store,
      double seconds) {}

  /** Where there are no parts yet. */
  static Forecast none() {
    return new Forecast(0, List.of());
  }

  /** With a phase behind the others. */
  Forecast then(Phase phase, double length) {
    List<Part> all = new ArrayList<>(parts);
    all.add(new Part(phase, null, rounded(length)));
    return of(all);
  }

  /** With a phase behind the others in which stores work side by side. */
  Forecast then(Phase phase, Map<String, Double> stores) {
    double longest = stores.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    List<Part> all = new ArrayList<>(then(phase, longest).parts);
    stores.forEach((store, length) -> all.add(new Part(phase, store, rounded(length))));
    return of(all);
  }

  /** With a store in a phase that works when another one has ended. */
  Forecast within(Phase phase, String earlier, String store, double length) {
    double end = stores(phase).getOrDefault(earlier, 0.0) + length;
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      all.add(
          part.phase() == phase && part.store() == null
              ? new Part(phase, null, rounded(Math.max(part.seconds(), end)))
              : part);
    }
    all.add(new Part(phase, store, rounded(length)));
    return of(all);
  }

  /** What is expected of each store in a phase. */
  public Map<String, Double> stores(Phase phase) {
    Map<String, Double> stores = new LinkedHashMap<>();
    for (Part part : parts) {
      if (part.phase() == phase && part.store() != null) {
        stores.put(part.store(), part.seconds());
      }
    }
    return stores;
  }

  private static Forecast of(List<Part> parts) {
    double sum =
        parts.stream().filter(part -> part.store() == null).mapToDouble(Part::seconds).sum();
    return new Forecast(rounded(sum), parts);
  }

  /** Nobody can tell more than tenths of a second. */
  private static double rounded(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }
}

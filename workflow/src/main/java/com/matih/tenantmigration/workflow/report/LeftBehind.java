package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.StoreName;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What is on the shared side within the request's reach, does not move, and does not keep the
 * migration from beginning.
 *
 * @param store the {@link StoreName#key} of where it is
 * @param object the table, column, topic, index, … it belongs to
 * @param count how many rows, records, documents, … stay; -1 where it could not be counted
 * @param reason why they stay
 * @param remedy what to do for those who want them moved
 */
public record LeftBehind(String store, String object, long count, String reason, String remedy) {

  /** The count of what could not be counted. */
  public static final long UNKNOWN = -1;

  public LeftBehind(StoreName store, String object, long count, String reason, String remedy) {
    this(store.key(), object, count, reason, remedy);
  }

  /** The same with each text changed, and cut where it is too long. */
  LeftBehind told(UnaryOperator<String> text) {
    return new LeftBehind(
        store,
        Bounds.text(text.apply(object)),
        count,
        Bounds.text(text.apply(reason)),
        Bounds.text(text.apply(remedy)));
  }

  /** One entry for all that are not listed. */
  static LeftBehind together(List<LeftBehind> entries) {
    boolean counted = entries.stream().allMatch(entry -> entry.count != UNKNOWN);
    return new LeftBehind(
        entries.get(0).store,
        "and %,d more".formatted(entries.size()),
        counted ? entries.stream().mapToLong(LeftBehind::count).sum() : UNKNOWN,
        "not listed here",
        "Change what is listed, then repeat the plan.");
  }
}

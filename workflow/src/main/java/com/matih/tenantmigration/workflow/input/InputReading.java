package com.matih.tenantmigration.workflow.input;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What came out of reading a record.
 *
 * @param value the record, without the parts that have a problem; {@code null} where the text is no
 *     YAML or JSON at all
 * @param keys of the record that the text names, those with a problem included
 */
public record InputReading<T>(@Nullable T value, List<InputProblem> problems, Set<String> keys) {
  public InputReading {
    problems = List.copyOf(problems);
    keys = Set.copyOf(keys);
  }

  /** A text that is no record. */
  InputReading(InputProblem problem) {
    this(null, List.of(problem), Set.of());
  }
}

package com.matih.tenantmigration.workflow.input;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out of reading a record.
 *
 * @param value the record, without the parts that have a problem; {@code null} where the text is no
 *     YAML or JSON at all
 */
public record InputReading<T>(@Nullable T value, List<InputProblem> problems) {
  public InputReading {
    problems = List.copyOf(problems);
  }
}

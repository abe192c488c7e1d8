package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.StoreName;
import java.util.function.UnaryOperator;

/** What an operator should know before a migration begins, though it may. */
public record Warning(String store, String object, String message) {

  public Warning(StoreName store, String object, String message) {
    this(store.key(), object, message);
  }

  /** The same with each text changed, and cut where it is too long. */
  Warning told(UnaryOperator<String> text) {
    return new Warning(store, Bounds.text(text.apply(object)), Bounds.text(text.apply(message)));
  }

  /** What is told in the place of more warnings of the same store. */
  Warning standsFor(int more) {
    return new Warning(store, "and %,d more".formatted(more), "not listed here");
  }
}

package com.matih.tenantmigration.embedded.testing;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for; a failure is not remembered. */
final class Shared<T> {

  private final Supplier<T> maker;
  private @Nullable T value;

  Shared(Supplier<T> maker) {
    this.maker = maker;
  }

  synchronized T get() {
    T present = value;
    if (present == null) {
      present = maker.get();
      value = present;
    }
    return present;
  }
}

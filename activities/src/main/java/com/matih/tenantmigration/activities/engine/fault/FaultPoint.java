package com.matih.tenantmigration.activities.engine.fault;

import java.util.Locale;
import java.util.ServiceLoader;

/**
 * A place right before or right after something that lasts: a step of the workflow as a whole, or a
 * durable act within one. {@code docs/faults.md} says what is true at each.
 *
 * @param what the step's activity, or the act's name in lower case with dashes
 */
public record FaultPoint(String what, Moment moment) {

  /** Does nothing without a provider, which is how the software is shipped. */
  private static final FaultInjector INJECTOR =
      ServiceLoader.load(FaultInjector.class, FaultInjector.class.getClassLoader())
          .findFirst()
          .orElse(point -> {});

  /** On which side of the act. */
  public enum Moment {
    BEFORE,
    /** It is done, and nobody has been told. */
    AFTER
  }

  /** Says that the calling thread is here. */
  public static void reached(String what, Moment moment) {
    INJECTOR.reached(new FaultPoint(what, moment));
  }

  @Override
  public String toString() {
    return what + ":" + moment.name().toLowerCase(Locale.ROOT);
  }
}

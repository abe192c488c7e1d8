package com.matih.tenantmigration.embedded;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which Temporal server to start; the system property {@code temporal} chooses. */
public enum TemporalKind {

  /** The development server where the machine has one, else the in-memory server. */
  ANY("any"),

  /** The development server of Temporal's command line tool; nothing else will do. */
  DEVELOPMENT_SERVER("server"),

  /** The SDK's in-memory server, whatever the machine has. */
  IN_MEMORY("in-memory");

  /** The property, as in {@code -Dtemporal=in-memory}. */
  public static final String PROPERTY = "temporal";

  private final String name;

  TemporalKind(String name) {
    this.name = name;
  }

  /**
   * What the system property says; {@link #ANY} where it is not set.
   *
   * @throws IllegalArgumentException if it says anything else
   */
  public static TemporalKind ofSystemProperty() {
    return of(Optional.ofNullable(System.getProperty(PROPERTY)).orElse(""));
  }

  static TemporalKind of(String text) {
    if (text.isBlank()) {
      return ANY;
    }
    return Arrays.stream(values())
        .filter(kind -> kind.name.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "-D%s=%s is none of %s".formatted(PROPERTY, text, names())));
  }

  private static String names() {
    return Arrays.stream(values()).map(kind -> kind.name).collect(Collectors.joining(", "));
  }
}

package com.matih.tenantmigration.activities.postgres.failure;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statement that a client program repeats after an error, by its kind and its objects' names
 * alone: the rest may hold values. Told line by line.
 */
public final class FailedCommand {

  private static final String NAME = "(?:\"[^\"]+\"|[\\w$.])+";

  private static final Pattern BEGINNING = Pattern.compile(".*\\b[Cc]ommand was: *(.*)");

  private static final Pattern OBJECT =
      Pattern.compile(
          "((?:CREATE|ALTER|REFRESH|COMMENT ON|SECURITY LABEL ON)(?: [A-Z]+)* %1$s(?: ON(?: ONLY)? %1$s)?).*"
              .formatted(NAME));

  private static final Pattern CONSTRAINT =
      Pattern.compile("\\s+(ADD CONSTRAINT %s).*".formatted(NAME));

  private @Nullable String table;

  /** What the line says of the failed statement; empty for any other line. */
  public Optional<String> read(String line) {
    Matcher beginning = BEGINNING.matcher(line);
    if (beginning.matches()) {
      Matcher object = OBJECT.matcher(beginning.group(1));
      String told = object.matches() ? object.group(1) : null;
      // the constraint's name comes on the next line
      table = told != null && told.startsWith("ALTER TABLE") ? told : null;
      return table == null ? Optional.ofNullable(told) : Optional.empty();
    }
    Matcher constraint = CONSTRAINT.matcher(line);
    Optional<String> told =
        table == null || !constraint.matches()
            ? Optional.ofNullable(table)
            : Optional.of(table + " " + constraint.group(1));
    table = null;
    return told;
  }
}

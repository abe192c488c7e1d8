package com.matih.tenantmigration.activities.postgres.failure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the errors that {@code psql} printed with {@code VERBOSITY=verbose}. */
public final class PsqlErrors {

  /** {@code psql:script.sql:7: ERROR: 23514: check constraint …}. */
  private static final Pattern ERROR =
      Pattern.compile(
          "(?:psql:.*?:(\\d+): )?.*?(?:ERROR|FATAL|PANIC|[A-Z]+): +([0-9A-Z]{5}): +(.*)");

  private static final Pattern FIELD =
      Pattern.compile(
          "(SCHEMA NAME|TABLE NAME|COLUMN NAME|DATATYPE NAME|CONSTRAINT NAME|CONTEXT): +(.*)");

  private PsqlErrors() {}

  /**
   * An error and where its statement ends.
   *
   * @param line of the script, counted from 1
   */
  public record Located(int line, ServerWords.Report report) {}

  /**
   * The first error.
   *
   * @param ignored the SQLSTATEs that are none
   */
  public static Optional<ServerWords.Report> first(Path messages, Set<String> ignored)
      throws IOException {
    return read(messages, ignored, 1).stream().findFirst().map(Located::report);
  }

  /**
   * All errors.
   *
   * @param most how many at most
   */
  public static List<Located> all(Path messages, int most) throws IOException {
    return read(messages, Set.of(), most);
  }

  private static List<Located> read(Path messages, Set<String> ignored, int most)
      throws IOException {
    List<Located> found = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(messages, StandardCharsets.ISO_8859_1)) {
      String line = lines.readLine();
      while (line != null && found.size() < most) {
        Matcher error = ERROR.matcher(line);
        if (error.matches() && isError(error.group(2)) && !ignored.contains(error.group(2))) {
          int number = error.group(1) == null ? 0 : Integer.parseInt(error.group(1));
          Map<String, String> fields = new HashMap<>();
          line = readFields(lines, fields);
          found.add(new Located(number, report(error.group(2), utf8(error.group(3)), fields)));
        } else {
          line = lines.readLine();
        }
      }
      return found;
    }
  }

  /** Notices and warnings are told in the same form. */
  private static boolean isError(String state) {
    return !state.startsWith("00") && !state.startsWith("01") && !state.startsWith("02");
  }

  /** Reads what follows an error, up to the next message, which is the answer. */
  private static @Nullable String readFields(BufferedReader lines, Map<String, String> fields)
      throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("psql:")) {
      Matcher field = FIELD.matcher(line);
      if (field.matches()) {
        fields.putIfAbsent(field.group(1), utf8(field.group(2)));
      }
      line = lines.readLine();
    }
    return line;
  }

  private static ServerWords.Report report(
      String state, String message, Map<String, String> fields) {
    return new ServerWords.Report(
        state,
        message,
        field(fields, "SCHEMA NAME"),
        field(fields, "TABLE NAME"),
        field(fields, "COLUMN NAME"),
        field(fields, "DATATYPE NAME"),
        field(fields, "CONSTRAINT NAME"),
        field(fields, "CONTEXT"));
  }

  private static @Nullable String field(Map<String, String> fields, String name) {
    return fields.get(name);
  }

  /** Read byte by byte, since a value in a detail may be in any encoding. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}

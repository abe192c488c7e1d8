package com.matih.tenantmigration.workflow.report;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Units {

  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Units() {}

  /** {@code 1234567} as {@code 1,234,567}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1 table} or {@code 1,200 tables}. */
  public static String plural(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }

  /** {@code 1536} as {@code 1.5 KiB}. */
  public static String bytes(long value) {
    double rest = value;
    int unit = 0;
    while (rest >= 1024 && unit < BYTES.length - 1) {
      rest /= 1024;
      unit++;
    }
    return unit == 0 ? value + " B" : String.format(Locale.ROOT, "%.1f %s", rest, BYTES[unit]);
  }

  /** An amount of a unit that a heartbeat names; bytes in larger units. */
  public static String amount(long value, String unit) {
    return unit.equals("bytes") ? bytes(value) : count(value);
  }

  /** {@code 3.2 s}, {@code 1 min 05 s} or {@code 2 h 10 min}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    return seconds < 3600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }
}

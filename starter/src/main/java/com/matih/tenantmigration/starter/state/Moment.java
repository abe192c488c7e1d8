package com.matih.tenantmigration.starter.state;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a moment the same way in every text: to the second, in UTC. */
public final class Moment {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Moment() {}

  /** {@code 2026-11-28 22:30:05 UTC}; empty for {@code null}. */
  public static String of(@Nullable Instant at) {
    return at == null ? "" : FORMAT.format(at);
  }
}

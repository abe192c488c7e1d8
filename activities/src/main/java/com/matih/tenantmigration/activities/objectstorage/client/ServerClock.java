package com.matih.tenantmigration.activities.objectstorage.client;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import software.amazon.awssdk.services.s3.model.S3Response;

/** The clock of a server, as the {@code Date} header of its answers shows it. */
final class ServerClock {

  /** By how much this machine's clock may be ahead of a server that does not tell the time. */
  private static final Duration LARGEST_DIFFERENCE = Duration.ofMinutes(5);

  private ServerClock() {}

  /** When the server answered, or rather earlier. */
  static Instant of(S3Response answer) {
    return answer
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .map(ServerClock::parse)
        .orElseGet(ServerClock::guess);
  }

  private static Instant parse(String date) {
    try {
      return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      return guess();
    }
  }

  private static Instant guess() {
    return Instant.now().minus(LARGEST_DIFFERENCE);
  }
}

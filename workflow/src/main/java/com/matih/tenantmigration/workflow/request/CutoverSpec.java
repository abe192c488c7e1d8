package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a tenant may become read-only.
 *
 * @param notBefore a moment as ISO 8601 writes it, such as {@code 2027-01-31T22:00:00Z}
 * @param window a time of each day, such as {@code 02:00-04:00 Europe/Berlin}; one that ends before
 *     it begins ends on the next day
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CutoverSpec(@Nullable String notBefore, @Nullable String window) {

  /** Beyond which a moment is a mistake, and in milliseconds perhaps no number. */
  private static final int LAST_YEAR = 2200;

  private static final Pattern WINDOW =
      Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) (\\S{1,64})");

  /** The first moment from {@code now} on at which the tenant may become read-only. */
  public Instant next(Instant now) {
    Instant earliest = moment(notBefore).filter(now::isBefore).orElse(now);
    return dailyWindow(window).map(daily -> daily.next(earliest)).orElse(earliest);
  }

  /** Whether {@link #notBefore} is left out or can be read. */
  public boolean hasReadableMoment() {
    return notBefore == null || moment(notBefore).isPresent();
  }

  /** Whether {@link #window} is left out or can be read. */
  public boolean hasReadableWindow() {
    return window == null || dailyWindow(window).isPresent();
  }

  private static Optional<Instant> moment(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .map(OffsetDateTime::parse)
          .filter(moment -> moment.getYear() >= 1970 && moment.getYear() <= LAST_YEAR)
          .map(OffsetDateTime::toInstant);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<DailyWindow> dailyWindow(@Nullable String text) {
    Matcher parts = WINDOW.matcher(text == null ? "" : text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      DailyWindow window =
          new DailyWindow(
              LocalTime.parse(parts.group(1)),
              LocalTime.parse(parts.group(2)),
              ZoneId.of(parts.group(3)));
      return Optional.of(window).filter(daily -> !daily.from.equals(daily.to));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private record DailyWindow(LocalTime from, LocalTime to, ZoneId zone) {

    Instant next(Instant earliest) {
      // one that began yesterday may go on
      LocalDate day = earliest.atZone(zone).toLocalDate().minusDays(1);
      while (true) {
        ZonedDateTime begins = day.atTime(from).atZone(zone);
        ZonedDateTime ends = day.plusDays(to.isAfter(from) ? 0 : 1).atTime(to).atZone(zone);
        if (earliest.isBefore(ends.toInstant())) {
          Instant first = begins.toInstant();
          return earliest.isBefore(first) ? first : earliest;
        }
        day = day.plusDays(1);
      }
    }
  }
}

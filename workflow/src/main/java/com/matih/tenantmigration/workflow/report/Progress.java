package com.matih.tenantmigration.workflow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a running activity is: its heartbeat's details.
 *
 * @param done how many units are done
 * @param total how many there are, or -1 where that is not known yet
 * @param unit {@code rows}, {@code bytes}, {@code objects}, {@code records}, {@code documents},
 *     {@code keys} …
 * @param doing what is being worked on, for people
 * @param failingSince since when every attempt has failed without getting any further; null where
 *     the last one did get further
 * @param lag how far the dedicated side is behind; null for work that follows nothing
 * @param drainSeconds how long the rest would take under the fence; null for work that follows
 *     nothing
 */
public record Progress(
    long done,
    long total,
    String unit,
    String doing,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant failingSince,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Lag lag,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double drainSeconds) {

  /** Progress of work that does not fail. */
  public Progress(long done, long total, String unit, String doing) {
    this(done, total, unit, doing, null, null, null);
  }

  /** The same of work that has got no further since then. */
  public Progress failingSince(@Nullable Instant since) {
    return new Progress(done, total, unit, doing, since, lag, drainSeconds);
  }

  /** How the followed store stood; empty for work that follows nothing. */
  public Optional<Followed> followed() {
    return lag == null || drainSeconds == null
        ? Optional.empty()
        : Optional.of(new Followed(lag, drainSeconds));
  }

  /** The same with other words for what is being worked on. */
  public Progress doing(String words) {
    return new Progress(done, total, unit, words, failingSince, lag, drainSeconds);
  }

  /** The same of work that follows changes. */
  public Progress following(Followed last) {
    return new Progress(done, total, unit, doing, failingSince, last.lag(), last.drainSeconds());
  }
}

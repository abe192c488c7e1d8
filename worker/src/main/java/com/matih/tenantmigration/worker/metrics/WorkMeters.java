package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.Progress;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the work of running activities: how much they got through, and how much lies before
 * them.
 *
 * <p>The labels are the activity's name and the unit that it counts in, both words of the code, so
 * that there are as many series as kinds of work, however many tenants move.
 */
final class WorkMeters {

  /** The copies, known from the start, so that the first one's progress is seen to begin at 0. */
  private static final Map<String, String> COPIES =
      Map.of(
          "CopyRows", "rows",
          "CopyObjects", "objects",
          "ReplayTopics", "records",
          "CopyDocuments", "documents",
          "WarmCache", "keys");

  /** Known from the start as well: nothing is behind before the first. */
  private static final List<String> FOLLOWERS =
      List.of("FollowRows", "FollowObjects", "FollowTopics", "FollowDocuments");

  private final MeterRegistry registry;
  private final Map<Kind, Work> kinds = new ConcurrentHashMap<>();
  private final Map<String, Lags> lags = new ConcurrentHashMap<>();

  WorkMeters(MeterRegistry registry) {
    this.registry = registry;
    COPIES.forEach((activity, unit) -> of(activity, unit));
    FOLLOWERS.forEach(this::lags);
  }

  /** The work of one kind. */
  Work of(String activity, String unit) {
    return kinds.computeIfAbsent(new Kind(activity, unit), kind -> new Work(kind, registry));
  }

  /** How far the running followers of one kind are behind. */
  Lags lags(String activity) {
    return lags.computeIfAbsent(activity, kind -> new Lags(kind, registry));
  }

  /** The lags of all attempts that follow at the moment; the longest is told. */
  static final class Lags {

    private final Map<Object, Double> seconds = new ConcurrentHashMap<>();

    private Lags(String activity, MeterRegistry registry) {
      Gauge.builder("tenant.migration.lag", this, Lags::longest)
          .description("How far the dedicated side is behind, of the migration that is furthest")
          .baseUnit("seconds")
          .tag("activity", activity)
          .register(registry);
    }

    private double longest() {
      return seconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    void behind(Object attempt, Lag lag) {
      seconds.put(attempt, lag.seconds());
    }

    void ended(Object attempt) {
      seconds.remove(attempt);
    }
  }

  /** How often an activity was tried again. */
  Counter retries(String activity) {
    return Counter.builder("tenant.migration.activity.retries")
        .description("Activity attempts after the first")
        .tag("activity", activity)
        .register(registry);
  }

  private record Kind(String activity, String unit) {}

  /** All running work of one kind, of all migrations together. */
  static final class Work {

    private final Counter processed;
    private final AtomicLong remaining = new AtomicLong();

    private Work(Kind kind, MeterRegistry registry) {
      processed =
          Counter.builder("tenant.migration.processed")
              .description("What activities have processed so far")
              .tag("activity", kind.activity)
              .tag("unit", kind.unit)
              .register(registry);
      Gauge.builder("tenant.migration.remaining", remaining, AtomicLong::get)
          .description("What running activities still have to process, if known")
          .tag("activity", kind.activity)
          .tag("unit", kind.unit)
          .register(registry);
    }
  }

  /** One attempt's part of a kind's work. */
  static final class Attempt {

    private final Work work;
    private long done;
    private long remaining;

    Attempt(Work work) {
      this.work = work;
    }

    synchronized void resumedAt(Progress progress) {
      done = progress.done();
      remaining(progress);
    }

    /** Counts what is new; a value that another thread overtook says nothing new. */
    synchronized void progressed(Progress progress) {
      if (progress.done() > done) {
        work.processed.increment((double) (progress.done() - done));
        done = progress.done();
      }
      remaining(progress);
    }

    private void remaining(Progress progress) {
      long now = progress.total() < 0 ? 0 : Math.max(0, progress.total() - done);
      work.remaining.addAndGet(now - remaining);
      remaining = now;
    }

    /** The attempt is over: nothing lies before it any more. */
    synchronized void close() {
      work.remaining.addAndGet(-remaining);
      remaining = 0;
    }
  }
}

package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.controlplane.MigrationOverview;
import com.matih.tenantmigration.workflow.Phase;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how all migrations stand, as the control plane remembers it. Every worker shows the same,
 * so that an alarm does not depend on the worker that did the work: one that died with a fence up
 * has no metrics any more.
 */
final class ControlPlaneGauges implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlPlaneGauges.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** What was seen so long ago is not known any more: the next look hangs. */
  private static final Duration STALE = Duration.ofSeconds(10);

  private final Supplier<MigrationOverview> overview;
  private final Clock clock;
  private final ScheduledExecutorService looks;
  private volatile @Nullable Seen latest;

  /** Touched by the one thread that looks alone. */
  private boolean missing;

  /**
   * Registers the gauges and looks every second until it is closed.
   *
   * @param overview a look at the control plane
   */
  ControlPlaneGauges(MeterRegistry registry, Supplier<MigrationOverview> overview) {
    this.overview = overview;
    this.clock = registry.config().clock();
    for (Phase phase : EnumSet.range(Phase.PREFLIGHT, Phase.ROLLING_BACK)) {
      Gauge.builder("tenant.migration.running", this, self -> self.running(phase))
          .description("Running migrations by phase")
          .tag("phase", phase.name())
          .register(registry);
    }
    gauge(
        registry,
        "tenant.migration.fenced.tenants",
        "Tenants that a migration made read-only and that cannot write yet",
        MigrationOverview::fencedTenants);
    gauge(
        registry,
        "tenant.migration.fence.held.seconds",
        "How long the longest of these has been read-only",
        MigrationOverview::longestFenceSeconds);
    gauge(
        registry,
        "tenant.migration.unresolved.rollbacks",
        "Tenants with an incomplete rollback that needs manual action",
        MigrationOverview::unresolvedRollbacks);
    gauge(
        registry,
        "tenant.migration.tenant.not.back.seconds",
        "How long the longest running rollback has not brought its tenant back",
        MigrationOverview::longestWayBackSeconds);
    gauge(
        registry,
        "tenant.migration.approval.wait.seconds",
        "How long the longest of the migrations awaiting approval has been waiting",
        MigrationOverview::longestApprovalWaitSeconds);
    Gauge.builder("tenant.migration.control.plane.up", this, self -> self.known(seen -> 1, 0))
        .description("Whether the control plane's database answered the last query")
        .register(registry);
    looks =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread = new Thread(runnable, "control-plane-gauges");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        looks.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Never ends by an exception, whichever: a scheduled task that throws is not run again. */
  private void look() {
    try {
      MigrationOverview seen = overview.get();
      latest = new Seen(seen, clock.monotonicTime());
      missing = false;
    } catch (RuntimeException e) {
      if (!missing) {
        log.warn("the metrics of the control plane are missing: {}", e.toString());
      }
      missing = true;
      latest = null;
    }
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<MigrationOverview> value) {
    Gauge.builder(name, this, self -> self.known(value, Double.NaN))
        .description(description)
        .register(registry);
  }

  private double running(Phase phase) {
    return known(seen -> seen.running().getOrDefault(phase, 0L), Double.NaN);
  }

  /** What is not known is not shown as what was last seen, nor, but for this itself, as 0. */
  private double known(ToDoubleFunction<MigrationOverview> value, double unknown) {
    Seen seen = latest;
    return seen == null || clock.monotonicTime() - seen.nanos() > STALE.toNanos()
        ? unknown
        : value.applyAsDouble(seen.overview());
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  /** What a look has seen, and when by the registry's clock. */
  private record Seen(MigrationOverview overview, long nanos) {}
}

package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationOverview;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Phase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  private final Migrations migrations;
  private final ScheduledExecutorService clock;
  private volatile @Nullable MigrationOverview latest;

  /** Touched by the clock's one thread alone. */
  private boolean missing;

  ControlPlaneGauges(MeterRegistry registry, ControlPlane controlPlane) {
    this.migrations = controlPlane.migrations();
    for (Phase phase : EnumSet.range(Phase.PREFLIGHT, Phase.ROLLING_BACK)) {
      Gauge.builder("tenant.migration.running", this, self -> self.running(phase))
          .description("Migrations that run, by phase")
          .tag("phase", phase.name())
          .register(registry);
    }
    gauge(
        registry,
        "tenant.migration.fenced.tenants",
        "Tenants that a migration made read-only and that are so still",
        MigrationOverview::fencedTenants);
    gauge(
        registry,
        "tenant.migration.fence.held.seconds",
        "For how long the longest of these has been read-only",
        MigrationOverview::longestFenceSeconds);
    gauge(
        registry,
        "tenant.migration.unresolved.rollbacks",
        "Tenants whose rollback is incomplete and needs a person",
        MigrationOverview::unresolvedRollbacks);
    Gauge.builder("tenant.migration.control.plane.up", this, self -> self.latest == null ? 0 : 1)
        .description("Whether the control plane's database answered the last look")
        .register(registry);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            runnable -> {
              Thread thread = new Thread(runnable, "control-plane-gauges");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        clock.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Never ends by an exception: a scheduled task that throws is not run again. */
  private void look() {
    try {
      latest = migrations.overview();
      missing = false;
    } catch (MigrationException e) {
      if (!missing) {
        log.warn("the metrics of the control plane are missing: {}", e.getMessage());
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
    Gauge.builder(name, this, self -> self.known(value))
        .description(description)
        .register(registry);
  }

  private double running(Phase phase) {
    return known(overview -> overview.running().getOrDefault(phase, 0L));
  }

  /** What is not known is not shown as 0. */
  private double known(ToDoubleFunction<MigrationOverview> value) {
    MigrationOverview overview = latest;
    return overview == null ? Double.NaN : value.applyAsDouble(overview);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

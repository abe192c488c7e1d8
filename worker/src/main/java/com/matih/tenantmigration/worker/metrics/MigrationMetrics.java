package com.matih.tenantmigration.worker.metrics;

import com.matih.tenantmigration.activities.tenantconfig.RecordListener;
import com.matih.tenantmigration.controlplane.ControlPlane;
import io.micrometer.core.instrument.MeterRegistry;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;

/**
 * All that is measured of migrations: by what comes on record, by what activities tell of
 * themselves, and by what the control plane remembers. No label grows with the number of tenants.
 */
public final class MigrationMetrics implements AutoCloseable {

  private final RecordMeters records;
  private final WorkMeters work;
  private final ControlPlaneGauges gauges;

  /** Registers everything, and looks at the control plane every second until it is closed. */
  public MigrationMetrics(MeterRegistry registry, ControlPlane controlPlane) {
    records = new RecordMeters(registry);
    work = new WorkMeters(registry);
    gauges = new ControlPlaneGauges(registry, controlPlane.migrations()::overview);
  }

  /** Measures what comes on record. */
  public RecordListener records() {
    return records;
  }

  /**
   * Measures activities. It comes before all other interceptors: one that puts another context in
   * the place of its own would keep progress from it.
   */
  public WorkerInterceptor activities() {
    return new WorkerInterceptorBase() {
      @Override
      public ActivityInboundCallsInterceptor interceptActivity(
          ActivityInboundCallsInterceptor next) {
        return new MeteredActivity(next, work);
      }
    };
  }

  WorkMeters work() {
    return work;
  }

  @Override
  public void close() {
    gauges.close();
  }
}

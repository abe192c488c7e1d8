package com.matih.tenantmigration.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.MigrationOverview;
import com.matih.tenantmigration.workflow.Phase;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ControlPlaneGaugesTest {

  private static final MigrationOverview OVERVIEW =
      new MigrationOverview(Map.of(Phase.COPY, 2L), 1, 30, 600, 45, 0);

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);

  @Test
  void whatTheControlPlaneRemembersIsShown() {
    try (ControlPlaneGauges gauges = new ControlPlaneGauges(registry, () -> OVERVIEW)) {
      awaitUp(1);

      assertThat(gauge("running", "phase", "COPY")).isEqualTo(2);
      assertThat(gauge("running", "phase", "VERIFY")).isZero();
      assertThat(gauge("fence.held.seconds")).isEqualTo(30);
      assertThat(gauge("approval.wait.seconds")).isEqualTo(600);
      assertThat(gauge("tenant.not.back.seconds")).isEqualTo(45);
    }
  }

  @Test
  void aLookThatFailsInWhateverWayMakesItUnknownAndTheNextOneKnownAgain() {
    AtomicBoolean broken = new AtomicBoolean();
    try (ControlPlaneGauges gauges =
        new ControlPlaneGauges(
            registry,
            () -> {
              if (broken.get()) {
                throw new IllegalArgumentException("a row that nobody foresaw");
              }
              return OVERVIEW;
            })) {
      awaitUp(1);
      broken.set(true);
      awaitUp(0);
      assertThat(gauge("fenced.tenants")).isNaN();

      broken.set(false);
      awaitUp(1);
    }
  }

  @Test
  void whatWasSeenTenSecondsAgoIsNotKnownAnyMore() {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicBoolean hanging = new AtomicBoolean();
    try (ControlPlaneGauges gauges =
        new ControlPlaneGauges(
            registry,
            () -> {
              if (hanging.getAndSet(true)) {
                awaitAnswer(answer);
              }
              return OVERVIEW;
            })) {
      awaitUp(1);

      clock.add(Duration.ofSeconds(11));

      assertThat(gauge("control.plane.up")).isZero();
      assertThat(gauge("fenced.tenants")).isNaN();
      assertThat(gauge("running", "phase", "COPY")).isNaN();
    }
  }

  private static void awaitAnswer(CountDownLatch answer) {
    try {
      answer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void awaitUp(int expected) {
    await().until(() -> gauge("control.plane.up") == expected);
  }

  private double gauge(String name, String... tags) {
    return registry.get("tenant.migration." + name).tags(tags).gauge().value();
  }
}

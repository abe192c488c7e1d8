package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.services.TenantRoutes;
import com.matih.tenantmigration.devstack.services.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** All that writes for one tenant, side by side. */
final class Writers implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Traffic> all;
  private final long begun = System.nanoTime();

  private Writers(List<Traffic> all) {
    this.all = all;
  }

  /** Begins to write by several threads, each to things of its own. */
  static Writers start(
      TenantRoutes routes, SampleTenant tenant, boolean removesObjects, int count) {
    return new Writers(
        IntStream.range(0, count)
            .mapToObj(number -> Traffic.start(routes, tenant, removesObjects, number))
            .toList());
  }

  List<Traffic> all() {
    return all;
  }

  /** How many writes of all were acknowledged so far. */
  int acceptedCount() {
    return all.stream().mapToInt(Traffic::acceptedCount).sum();
  }

  /** How many writes were acknowledged in a second, since the beginning. */
  double writesPerSecond() {
    return acceptedCount() / ((System.nanoTime() - begun) / 1e9);
  }

  /** Waits until each has had some more writes acknowledged, or long enough. */
  void awaitMore(int writes) throws InterruptedException {
    int[] enough = all.stream().mapToInt(one -> one.acceptedCount() + writes).toArray();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (IntStream.range(0, enough.length).anyMatch(i -> all.get(i).acceptedCount() < enough[i])
        && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    all.forEach(Traffic::close);
  }
}

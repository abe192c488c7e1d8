package com.matih.tenantmigration.devstack.demo;

import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.DevstackSettings;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.devstack.services.Traffic;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A devstack with a small sample, for the migrations of one test class. */
final class DemoStack implements AutoCloseable {

  private final Terminal terminal = new Terminal(new PrintWriter(new StringWriter()));
  private final Devstack devstack;

  DemoStack(Path directory, Isolation isolation) {
    devstack =
        Devstack.start(
            new DevstackSettings(
                directory, Optional.of(SampleSize.SMALL), isolation, Optional.empty()),
            terminal);
  }

  Devstack devstack() {
    return devstack;
  }

  /**
   * Migrates acme and proves what is claimed of it.
   *
   * @param mode whether acme works while it moves
   * @param failing the checks for which a fault is injected each
   */
  DemoResult migrate(Mode mode, Set<CheckName> failing) throws InterruptedException {
    return new DemoMigration(devstack, terminal, mode, failing, live -> {}).run();
  }

  /** Migrates acme online while several threads write for it, and for its neighbour. */
  DemoResult migrateWith(int writers) throws InterruptedException {
    return new DemoMigration(devstack, terminal, Mode.ONLINE, Set.of(), live -> {}, writers).run();
  }

  /** Waits until the tenant has written for some seconds more. */
  static void awaitMore(Traffic traffic) {
    int enough = traffic.acceptedCount() + 40;
    await().atMost(Duration.ofMinutes(2)).until(() -> traffic.acceptedCount() >= enough);
  }

  @Override
  public void close() {
    devstack.close();
  }
}

package com.matih.tenantmigration.devstack.fleet;

import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.report.MigrationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one migration after the other for its status, and notes how long each answer takes. */
final class StatusWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StatusWatch.class);
  private static final long PAUSE_MILLIS = 50;
  private static final Duration SLOW = Duration.ofMillis(500);

  private final TenantMigrations migrations;
  private final Supplier<List<String>> running;
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread = new Thread(this::ask, "status-watch");
  private volatile boolean stopped;
  private volatile String failure = "";

  /**
   * Begins to ask.
   *
   * @param running the tenants whose migrations run
   */
  StatusWatch(TenantMigrations migrations, Supplier<List<String>> running) {
    this.migrations = migrations;
    this.running = running;
    thread.setDaemon(true);
    thread.start();
  }

  private void ask() {
    try {
      for (int turn = 0; !stopped; turn++) {
        List<String> tenants = running.get();
        if (!tenants.isEmpty()) {
          long asked = System.nanoTime();
          MigrationStatus status = migrations.status(tenants.get(turn % tenants.size()));
          long took = System.nanoTime() - asked;
          nanos.add(took);
          if (took > SLOW.toNanos()) {
            log.info("an answer in phase {} took {}", status.phase(), Duration.ofNanos(took));
          }
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e.toString();
    }
  }

  /** Forgets the answers that have come. */
  void startOver() {
    nanos.clear();
  }

  /** Why it stopped asking, or an empty text. */
  String failure() {
    return failure;
  }

  int answers() {
    return nanos.size();
  }

  /** So many of a hundred answers took no longer. */
  Duration percentile(int percent) {
    List<Long> sorted = nanos.stream().sorted().toList();
    int index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
    return Duration.ofNanos(sorted.get(index));
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.sample.SampleTenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant that goes on writing: rows, records, documents and objects, on its current route, while
 * its configuration lets it write. What was accepted is remembered, so that it can be looked for.
 */
public final class Traffic implements AutoCloseable {

  /** What the names of all that traffic writes begin with. */
  public static final String NAME = "traffic-";

  private static final Logger log = LoggerFactory.getLogger(Traffic.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int EVERY_OBJECT = 5;

  private final TenantRoutes routes;
  private final SampleTenant tenant;
  private final Map<Kind, List<String>> accepted = new EnumMap<>(Kind.class);
  private final List<String> refused = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /** What is written. */
  public enum Kind {
    ROW,
    RECORD,
    DOCUMENT,
    OBJECT
  }

  private Traffic(TenantRoutes routes, SampleTenant tenant) {
    this.routes = routes;
    this.tenant = tenant;
    for (Kind kind : Kind.values()) {
      accepted.put(kind, new ArrayList<>());
    }
    thread = new Thread(this::run, "traffic-of-" + tenant.id());
    thread.setDaemon(true);
  }

  /** Begins to write about ten times a second. */
  public static Traffic start(TenantRoutes routes, SampleTenant tenant) {
    Traffic traffic = new Traffic(routes, tenant);
    traffic.thread.start();
    return traffic;
  }

  public SampleTenant tenant() {
    return tenant;
  }

  /** The names of what the stores have acknowledged so far. */
  public synchronized List<String> accepted(Kind kind) {
    return List.copyOf(accepted.getOrDefault(kind, List.of()));
  }

  /** How much the stores have acknowledged so far. */
  public synchronized int acceptedCount() {
    return accepted.values().stream().mapToInt(List::size).sum();
  }

  /** What was not acknowledged, and why. */
  public synchronized List<String> refused() {
    return List.copyOf(refused);
  }

  /** Stops writing; what was accepted stays known. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(PAUSE.plusSeconds(30).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    @Nullable TenantWriter writer = null;
    long version = 0;
    try {
      for (int round = 0; !stopsWithin(PAUSE); round++) {
        Optional<TenantRoute> route = routes.of(tenant).filter(TenantRoute::active);
        if (route.isEmpty()) {
          continue;
        }
        if (writer == null || version != route.get().config().version()) {
          close(writer);
          writer = new TenantWriter(route.get());
          version = route.get().config().version();
        }
        if (!write(writer, round)) {
          // a connection from before the last change may be of no use any more
          close(writer);
          writer = null;
        }
      }
    } catch (RuntimeException e) {
      log.error("traffic of {} broke off", tenant.id(), e);
      note("traffic broke off: " + e.getMessage());
    } finally {
      close(writer);
    }
  }

  private boolean write(TenantWriter writer, int round) {
    String name = NAME + tenant.id() + "-" + round;
    boolean all = attempt(Kind.ROW, name, writer::row);
    all &= attempt(Kind.RECORD, name, writer::record);
    all &= attempt(Kind.DOCUMENT, name, writer::document);
    if (round % EVERY_OBJECT == 0) {
      all &= attempt(Kind.OBJECT, name, writer::object);
    }
    return all;
  }

  private boolean attempt(Kind kind, String name, Consumer<String> write) {
    try {
      write.accept(name);
      synchronized (this) {
        accepted.computeIfAbsent(kind, unused -> new ArrayList<>()).add(name);
      }
      return true;
    } catch (RuntimeException e) {
      log.info("{} {} was not written", kind, name, e);
      note(kind + " " + name + ": " + e.getMessage());
      return false;
    }
  }

  private synchronized void note(String refusal) {
    refused.add(refusal);
  }

  private boolean stopsWithin(Duration pause) {
    try {
      return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void close(@Nullable TenantWriter writer) {
    if (writer != null) {
      writer.close();
    }
  }
}

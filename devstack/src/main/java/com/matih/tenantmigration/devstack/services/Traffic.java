package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant that goes on writing on its current route while its configuration lets it: rows,
 * documents and objects come, change, go and come again, and records are added. What the stores
 * acknowledged is remembered, so that it can be compared with what they hold.
 */
public final class Traffic implements AutoCloseable {

  /** What the names of all that traffic writes begin with. */
  public static final String NAME = "traffic-";

  private static final Logger log = LoggerFactory.getLogger(Traffic.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** So many rounds after it was written a thing is changed, removed, and written again. */
  private static final int CHANGED_AFTER = 3;

  private static final int REMOVED_AFTER = 7;
  private static final int WRITTEN_AGAIN_AFTER = 11;

  /** Some things are never removed. */
  private static final int EVERY_REMOVED = 2;

  private static final int EVERY_WRITTEN_AGAIN = 4;

  /** After this many rounds a name is used again, so that what is there stays bounded. */
  private static final int NAMES = 120;

  /** Tells the rows and records of one migration's traffic from those of an earlier one. */
  private static final AtomicInteger BEGUN = new AtomicInteger();

  private final TenantRoutes routes;
  private final SampleTenant tenant;
  private final boolean removesObjects;
  private final int writer;
  private final Set<Kind> kinds;
  private final int begun = BEGUN.incrementAndGet();
  private final Map<Kind, Map<String, Optional<String>>> acknowledged = new EnumMap<>(Kind.class);
  private final Map<Kind, Set<String>> uncertain = new EnumMap<>(Kind.class);
  private final Map<String, Long> rowIds = new HashMap<>();
  private final List<String> refused = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private int writes;

  /** What is written. */
  public enum Kind {
    ROW,
    RECORD,
    DOCUMENT,
    OBJECT
  }

  private Traffic(TenantRoutes routes, SampleTenant tenant, boolean removesObjects, int writer) {
    this.routes = routes;
    this.tenant = tenant;
    this.removesObjects = removesObjects;
    this.writer = writer;
    this.kinds = writer == 0 ? EnumSet.allOf(Kind.class) : EnumSet.of(Kind.ROW, Kind.RECORD);
    for (Kind kind : Kind.values()) {
      acknowledged.put(kind, new TreeMap<>());
      uncertain.put(kind, new HashSet<>());
    }
    thread = new Thread(this::run, "traffic-of-%s-%d".formatted(tenant.id(), writer));
    thread.setDaemon(true);
  }

  /** Begins to write some tens of times a second. */
  public static Traffic start(TenantRoutes routes, SampleTenant tenant) {
    return start(routes, tenant, true, 0);
  }

  /**
   * The same of one of several writers, each of which writes things of its own: the first into all
   * stores, the others rows and records, which is what a tenant's services write most.
   *
   * @param removesObjects false for a tenant that keeps its objects. Which objects an offline
   *     migration has copied is seen by the shared ones: of one that its tenant removes while a
   *     rollback cleans up, the copy stays.
   * @param writer tells a tenant's writers apart
   */
  public static Traffic start(
      TenantRoutes routes, SampleTenant tenant, boolean removesObjects, int writer) {
    Traffic traffic = new Traffic(routes, tenant, removesObjects, writer);
    traffic.thread.start();
    return traffic;
  }

  public SampleTenant tenant() {
    return tenant;
  }

  /**
   * What the stores acknowledged last of each name: its text, or that it is removed. Names of which
   * a write failed are left out: it may have happened all the same.
   */
  synchronized Map<String, Optional<String>> acknowledged(Kind kind) {
    Map<String, Optional<String>> certain = new TreeMap<>(of(acknowledged, kind));
    certain.keySet().removeAll(of(uncertain, kind));
    return certain;
  }

  /** How many writes the stores have acknowledged so far. */
  public synchronized int acceptedCount() {
    return writes;
  }

  /** What was not acknowledged, and why. */
  public synchronized List<String> refused() {
    return List.copyOf(refused);
  }

  /** How a thing's name stands in a text that has no other place for it. */
  static String named(String name, String text) {
    return name + " " + text;
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
    try (RouteWriter writer = new RouteWriter()) {
      for (int round = 0; !stopsWithin(PAUSE); ) {
        int now = round;
        try {
          if (routes.write(tenant, route -> writeRound(writer.on(route), writer, now))) {
            round++;
          }
        } catch (StoreException e) {
          // a store that is being started again is tried again, as a service does
          note("no connection: " + e.getMessage());
        }
      }
    } catch (RuntimeException e) {
      log.error("traffic of {} broke off", tenant.id(), e);
      note("traffic broke off: " + e.getMessage());
    }
  }

  /** The writer of the route of now. */
  private final class RouteWriter implements AutoCloseable {

    private @Nullable TenantWriter writer;
    private long version;

    TenantWriter on(TenantRoute route) {
      TenantWriter open = writer;
      if (open != null && version == route.config().version()) {
        return open;
      }
      close();
      TenantWriter opened = new TenantWriter(route, rowIds);
      writer = opened;
      version = route.config().version();
      return opened;
    }

    @Override
    public void close() {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }
  }

  private void writeRound(TenantWriter writer, RouteWriter writers, int round) {
    boolean all = true;
    for (Kind kind : kinds) {
      all &= write(writer, kind, round, "first");
      if (kind != Kind.RECORD) {
        all &= write(writer, kind, round - CHANGED_AFTER, "changed");
        if (round % EVERY_REMOVED == 0 && (kind != Kind.OBJECT || removesObjects)) {
          all &= remove(writer, kind, round - REMOVED_AFTER);
        }
        if (round % EVERY_WRITTEN_AGAIN == 0) {
          all &= write(writer, kind, round - WRITTEN_AGAIN_AFTER, "again");
        }
      }
    }
    if (!all) {
      // a connection from before the last change may be of no use any more
      writers.close();
    }
  }

  private boolean write(TenantWriter writer, Kind kind, int number, String what) {
    String text = what + " " + number;
    return attempt(kind, number, Optional.of(text), name -> writer.write(kind, name, text));
  }

  private boolean remove(TenantWriter writer, Kind kind, int number) {
    return attempt(kind, number, Optional.empty(), name -> writer.remove(kind, name));
  }

  private boolean attempt(Kind kind, int number, Optional<String> becomes, Consumer<String> work) {
    if (number < 0) {
      return true;
    }
    String name = name(kind, number);
    if (becomes.isEmpty() && !isThere(kind, name)) {
      return true;
    }
    try {
      work.accept(name);
      synchronized (this) {
        of(acknowledged, kind).put(name, becomes);
        writes++;
      }
      return true;
    } catch (RuntimeException e) {
      log.info("{} {} was not written", kind, name, e);
      synchronized (this) {
        of(uncertain, kind).add(name);
      }
      note(kind + " " + name + ": " + e.getMessage());
      return false;
    }
  }

  /** A thing's name; another one than that of a write that failed, which may have happened. */
  private String name(Kind kind, int number) {
    String name = firstName(kind, number);
    for (int again = 1; isUncertain(kind, name); again++) {
      name = firstName(kind, number) + "-" + again;
    }
    return name;
  }

  /** A record stays, so each has a name of its own. A row's name does not say which row it is. */
  private String firstName(Kind kind, int number) {
    String ofTenant = NAME + tenant.id();
    return switch (kind) {
      case RECORD -> "%s-%d-%d".formatted(ofTenant, begun, number);
      case ROW -> "%s-%d-%d".formatted(ofTenant, begun, number % NAMES);
      case DOCUMENT, OBJECT -> "%s-w%d-%d".formatted(ofTenant, writer, number % NAMES);
    };
  }

  private synchronized boolean isThere(Kind kind, String name) {
    return of(acknowledged, kind).getOrDefault(name, Optional.empty()).isPresent();
  }

  private synchronized boolean isUncertain(Kind kind, String name) {
    return of(uncertain, kind).contains(name);
  }

  private static <T> T of(Map<Kind, T> byKind, Kind kind) {
    return Objects.requireNonNull(byKind.get(kind));
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
}

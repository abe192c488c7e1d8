package com.matih.tenantmigration.controlplane;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service informed of the tenants' configuration, on a connection of its own.
 *
 * <p>No change is missed for good: after each connect it listens first and reads all tenants then,
 * so that a change is either in what it read or is announced. Of changes in quick succession only
 * the last may be seen. One that the service could not follow is told again until it can. Where the
 * connection breaks, the last known configuration stays in use and a new connection is tried every
 * second.
 */
public final class TenantConfigListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TenantConfigListener.class);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String url;
  private final Properties login = new Properties();
  private final Consumer<TenantConfig> onChange;
  private final Map<String, TenantConfig> known = new ConcurrentHashMap<>();

  /** What the service has followed; the listening thread's own, as the moment below is. */
  private final Map<String, TenantConfig> told = new HashMap<>();

  private long toldAgainAt = System.nanoTime();
  private final CountDownLatch informed = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Connection connection;

  private TenantConfigListener(
      String url, String user, @Nullable String password, Consumer<TenantConfig> onChange) {
    this.url = url;
    this.onChange = onChange;
    login.setProperty("user", user);
    if (password != null) {
      login.setProperty("password", password);
    }
    login.setProperty("ApplicationName", "tenant-config-listener");
    login.setProperty("connectTimeout", String.valueOf(WAIT.toSeconds()));
    login.setProperty("tcpKeepAlive", "true");
    thread = new Thread(this::listen, "tenant-config-listener");
    thread.setDaemon(true);
  }

  /**
   * Starts listening.
   *
   * @param onChange told each tenant's configuration once at the beginning and at each change, in
   *     one thread; where it throws, that is logged and it is told the same again some five seconds
   *     later, or what has become of it by then
   */
  public static TenantConfigListener start(
      String url, String user, @Nullable String password, Consumer<TenantConfig> onChange) {
    TenantConfigListener listener = new TenantConfigListener(url, user, password, onChange);
    listener.thread.start();
    return listener;
  }

  /** Waits until all tenants were read once; answers whether that came about in time. */
  public boolean awaitFirstRead(Duration patience) throws InterruptedException {
    return informed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The tenant's configuration as last heard. */
  public Optional<TenantConfig> current(String tenant) {
    return Optional.ofNullable(known.get(tenant));
  }

  private void listen() {
    while (!closed) {
      tellAgain();
      try (Connection opened = DriverManager.getConnection(url, login)) {
        connection = opened;
        follow(opened);
      } catch (SQLException e) {
        if (!closed) {
          // the driver's words may carry the address; its state says enough
          log.warn(
              "the tenants' configuration cannot be followed (SQLSTATE {}); trying again in a"
                  + " second",
              e.getSQLState());
        }
      }
      rest();
    }
  }

  private void follow(Connection opened) throws SQLException {
    opened.setNetworkTimeout(Runnable::run, (int) WAIT.multipliedBy(2).toMillis());
    execute(opened, "LISTEN " + TenantConfigRows.CHANNEL);
    List<TenantConfig> all = TenantConfigRows.all(opened);
    forgetAllBut(all.stream().map(TenantConfig::tenantId).collect(Collectors.toSet()));
    all.forEach(this::take);
    informed.countDown();
    PGConnection notifications = opened.unwrap(PGConnection.class);
    while (!closed) {
      PGNotification[] received = notifications.getNotifications((int) WAIT.toMillis());
      if (received == null || received.length == 0) {
        execute(opened, "SELECT 1"); // a dead connection shows itself
      } else {
        Set<String> tenants = new HashSet<>();
        List.of(received).forEach(notification -> tenants.add(notification.getParameter()));
        for (String tenant : tenants) {
          TenantConfigRows.find(opened, tenant).ifPresentOrElse(this::take, () -> forget(tenant));
        }
      }
      tellAgain();
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void forgetAllBut(Set<String> tenants) {
    known.keySet().retainAll(tenants);
    told.keySet().retainAll(tenants);
  }

  private void forget(String tenant) {
    known.remove(tenant);
    told.remove(tenant);
  }

  private void take(TenantConfig config) {
    known.put(config.tenantId(), config);
    tell(config);
  }

  /** Tells what could not be followed before; not at once, for its cause needs time to pass. */
  private void tellAgain() {
    if (System.nanoTime() - toldAgainAt >= WAIT.toNanos()) {
      toldAgainAt = System.nanoTime();
      known.values().forEach(this::tell);
    }
  }

  private void tell(TenantConfig config) {
    if (config.equals(told.get(config.tenantId()))) {
      return;
    }
    try {
      onChange.accept(config);
      told.put(config.tenantId(), config);
    } catch (RuntimeException e) {
      log.error(
          "a change of tenant {} could not be followed; it is told again", config.tenantId(), e);
    }
  }

  private void rest() {
    if (closed) {
      return;
    }
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      // close() interrupts, and the loop looks at its flag
      log.debug("woken up", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("the connection was closed already", e);
      }
    }
  }
}

package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service informed of the tenants' configuration, on a connection of its own.
 *
 * <p>Every change is seen eventually: after each connect it listens first and then reads all
 * tenants, so that a change is either in what it read or is announced, and it reads all of them
 * again every 15 seconds, so that nothing depends on an announcement alone. Of changes in quick
 * succession only the last may be seen. One that the service could not follow is told again until
 * it can. Where the connection breaks, the last known configuration stays in use and a new
 * connection is tried every second.
 *
 * <p>{@link #lastHeard} says how old that knowledge is. A service may have missed that a tenant
 * became read-only once it is older than the migration's settle time, and is told so by {@link
 * TenantConfigFollower#silent}.
 *
 * <p>A service that says who it is can {@link #acknowledgeReadOnly acknowledge} that it has stopped
 * writing for a tenant, which ends a migration's wait at once. It has a lease then, which is
 * renewed all the time and is longer than the silence limit: a migration does not wait for an
 * instance that cannot write any more.
 */
public final class TenantConfigListener implements AutoCloseable {

  /** As long as a migration waits by default for services to stop writing. */
  public static final Duration DEFAULT_SILENCE_LIMIT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(TenantConfigListener.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration WAIT = Duration.ofMillis(500);

  /** While a service may acknowledge at any moment. */
  private static final Duration SHORT_WAIT = Duration.ofMillis(50);

  /** How long an instance that ends may take to say so. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final Duration REREAD = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String url;
  private final Properties login = new Properties();
  private final KnownTenants tenants;
  private final SilenceWatch silence;
  private final Optional<ServiceLease> lease;
  private final CountDownLatch informed = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Connection connection;

  private TenantConfigListener(
      String url,
      String user,
      @Nullable String password,
      TenantConfigFollower follower,
      Duration silenceLimit,
      Optional<ServiceInstance> self) {
    this.url = url;
    this.tenants = new KnownTenants(follower);
    this.silence = new SilenceWatch(follower, silenceLimit);
    this.lease = self.map(instance -> new ServiceLease(instance, silenceLimit));
    login.setProperty("user", user);
    if (password != null) {
      login.setProperty("password", password);
    }
    login.setProperty("ApplicationName", "tenant-config-listener");
    login.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    login.setProperty("loginTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    login.setProperty("socketTimeout", String.valueOf(ANSWER_TIMEOUT.toSeconds()));
    login.setProperty("tcpKeepAlive", "true");
    thread = new Thread(this::listen, "tenant-config-listener");
    thread.setDaemon(true);
  }

  /**
   * Starts listening, for a service that is told of changes alone.
   *
   * @param onChange as {@link TenantConfigFollower#changed}
   */
  public static TenantConfigListener start(
      String url, String user, @Nullable String password, Consumer<TenantConfig> onChange) {
    return start(url, user, password, onChange::accept, DEFAULT_SILENCE_LIMIT);
  }

  /**
   * Starts listening.
   *
   * @param silenceLimit how old the service's knowledge may become before {@link
   *     TenantConfigFollower#silent} is called: no longer than the {@code settle} of its tenants'
   *     migrations, and at least two seconds
   * @throws IllegalArgumentException where the limit is below two seconds
   */
  public static TenantConfigListener start(
      String url,
      String user,
      @Nullable String password,
      TenantConfigFollower follower,
      Duration silenceLimit) {
    return start(url, user, password, follower, silenceLimit, Optional.empty());
  }

  /**
   * Starts listening for an instance of a service that acknowledges when it has stopped writing for
   * a tenant.
   *
   * @param silenceLimit as above
   * @throws IllegalArgumentException where the limit is below two seconds
   */
  public static TenantConfigListener start(
      String url,
      String user,
      @Nullable String password,
      TenantConfigFollower follower,
      Duration silenceLimit,
      ServiceInstance self) {
    return start(url, user, password, follower, silenceLimit, Optional.of(self));
  }

  private static TenantConfigListener start(
      String url,
      String user,
      @Nullable String password,
      TenantConfigFollower follower,
      Duration silenceLimit,
      Optional<ServiceInstance> self) {
    if (silenceLimit.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException(
          "The silence limit must be at least 2 s, not %s.".formatted(silenceLimit));
    }
    TenantConfigListener listener =
        new TenantConfigListener(url, user, password, follower, silenceLimit, self);
    listener.silence.start();
    listener.thread.start();
    return listener;
  }

  /** Waits until all tenants were read once; answers whether that came about in time. */
  public boolean awaitFirstRead(Duration patience) throws InterruptedException {
    return informed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The tenant's configuration as last heard. */
  public Optional<TenantConfig> current(String tenant) {
    return tenants.current(tenant);
  }

  /**
   * Says that this instance no longer writes for a tenant that became read-only, and that all it
   * had begun to write has ended. It is told within a moment, or when the control plane answers
   * again. Call it for every read-only configuration that the follower is told. For the one whose
   * route leads to the dedicated side it also confirms that this instance uses that route, which
   * API_HEALTH waits for.
   *
   * @param config as it was told to the follower
   * @throws IllegalArgumentException where the tenant is not read-only
   * @throws IllegalStateException where the listener was started without a {@link ServiceInstance}
   */
  public void acknowledgeReadOnly(TenantConfig config) {
    lease
        .orElseThrow(
            () ->
                new IllegalStateException("The listener does not know which service it works for."))
        .acknowledge(config);
  }

  /**
   * When the control plane last answered, by this machine's clock: {@link #current} is what was
   * committed by then. Before the first answer, when listening began.
   */
  public Instant lastHeard() {
    return silence.lastHeard();
  }

  /** Whether nothing was heard for longer than the limit. */
  public boolean isSilent() {
    return silence.isSilent();
  }

  private void listen() {
    while (!closed) {
      tenants.tellAgain();
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
    Sql.execute(opened, "LISTEN " + TenantConfigRows.CHANNEL);
    PGConnection notifications = opened.unwrap(PGConnection.class);
    lease.ifPresent(ServiceLease::connected);
    long readAt = readAll(opened);
    long askedAt = readAt;
    heard(opened, readAt);
    while (!closed) {
      PGNotification[] received = notifications.getNotifications((int) untilNextLook().toMillis());
      long now = System.nanoTime();
      if (now - readAt >= REREAD.toNanos() || concernsAll(received)) {
        readAt = readAll(opened);
      } else if (received != null && received.length > 0) {
        readThese(opened, received);
      } else if (now - askedAt >= WAIT.toNanos()) {
        Sql.execute(opened, "SELECT 1"); // a dead connection shows itself
      } else if (lease.filter(ServiceLease::hasNews).isEmpty()) {
        continue;
      }
      askedAt = now;
      heard(opened, now);
      tenants.tellAgain();
    }
    if (lease.isPresent()) {
      lease.get().end(opened);
    }
  }

  private Duration untilNextLook() {
    boolean mayAcknowledge =
        lease
            .filter(own -> own.hasNews() || tenants.all().stream().anyMatch(own::isOpen))
            .isPresent();
    return mayAcknowledge ? SHORT_WAIT : WAIT;
  }

  /** Everything that was announced before then has been read; nothing counts without a lease. */
  private void heard(Connection opened, long askedAt) throws SQLException {
    if (lease.isPresent()) {
      lease.get().tell(opened);
    }
    silence.heard(askedAt);
    informed.countDown();
  }

  /** A table that was truncated is announced without a tenant. */
  private static boolean concernsAll(PGNotification @Nullable [] received) {
    return received != null
        && List.of(received).stream().anyMatch(one -> one.getParameter().isEmpty());
  }

  /** Answers when it began to read, by the monotonic clock. */
  private long readAll(Connection opened) throws SQLException {
    long began = System.nanoTime();
    tenants.takeAll(TenantConfigRows.all(opened));
    return began;
  }

  private void readThese(Connection opened, PGNotification[] received) throws SQLException {
    Set<String> changed = new HashSet<>();
    List.of(received).forEach(notification -> changed.add(notification.getParameter()));
    for (String tenant : changed) {
      TenantConfigRows.find(opened, tenant)
          .ifPresentOrElse(tenants::take, () -> tenants.forget(tenant));
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
    silence.close();
    if (lease.isPresent()) {
      sayFarewell();
    }
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

  /** The listening thread ends its lease by itself where the control plane answers. */
  private void sayFarewell() {
    try {
      thread.join(FAREWELL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an instance of a service tells the control plane: that it may write until some time, and for
 * which tenants that became read-only it has stopped.
 *
 * <p><b>The instance refuses writes before its lease ends.</b> Nothing counts as heard without a
 * lease that was renewed at most {@link #renewal} before; the instance is silent, and writes
 * nothing, from the silence limit on; and the lease is longer than both together, counted from when
 * the renewal was asked for.
 *
 * <p>All but {@link #acknowledge} is the listening thread's alone.
 */
final class ServiceLease {

  private static final Logger log = LoggerFactory.getLogger(ServiceLease.class);

  private static final Duration MARGIN = Duration.ofSeconds(1);

  /** An instance that has ended without a word is forgotten after so long. */
  private static final Duration KEPT = Duration.ofDays(1);

  /** Missing rights, and a control plane that is older than this. */
  private static final Set<String> NOT_POSSIBLE = Set.of("42501", "42P01", "3F000");

  private final ServiceInstance self;
  private final Duration renewal;
  private final Duration length;
  private final Map<String, TenantConfig> waiting = new ConcurrentHashMap<>();
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private long renewedAt;
  private boolean isRenewed;
  private boolean isPossible = true;

  /**
   * A lease that is not taken yet.
   *
   * @param silenceLimit after which the instance writes nothing
   */
  ServiceLease(ServiceInstance self, Duration silenceLimit) {
    this.self = self;
    this.renewal = silenceLimit.dividedBy(3);
    this.length = silenceLimit.plus(renewal).plus(MARGIN);
  }

  /** Has a tenant's writes acknowledged as ended with the next {@link #tell}. */
  void acknowledge(TenantConfig config) {
    if (config.state() != State.READ_ONLY) {
      throw new IllegalArgumentException(
          "Tenant %s is %s, so there is nothing to acknowledge."
              .formatted(config.tenantId(), config.state()));
    }
    waiting.merge(
        config.tenantId(), config, (one, other) -> one.version() > other.version() ? one : other);
  }

  /** Whether there is something to tell. */
  boolean hasNews() {
    return !waiting.isEmpty();
  }

  /** Whether that configuration has not been acknowledged, though it could be. */
  boolean isOpen(TenantConfig config) {
    Long version = acknowledged.get(config.tenantId());
    return config.state() == State.READ_ONLY && (version == null || version < config.version());
  }

  /** A new connection: the lease is renewed at once. */
  void connected() {
    isRenewed = false;
    isPossible = true;
  }

  /** Renews the lease where it is time, and tells what is to be acknowledged. */
  void tell(Connection connection) throws SQLException {
    if (!isPossible) {
      return;
    }
    try {
      long now = System.nanoTime();
      if (!isRenewed || now - renewedAt >= renewal.toNanos()) {
        renew(connection);
        renewedAt = now;
        isRenewed = true;
      }
      for (TenantConfig config : List.copyOf(waiting.values())) {
        tell(connection, config);
        acknowledged.put(config.tenantId(), config.version());
        waiting.remove(config.tenantId(), config);
      }
    } catch (SQLException e) {
      if (!NOT_POSSIBLE.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      isPossible = false;
      log.error(
          "service {} cannot acknowledge that tenants are read-only (SQLSTATE {}); migrations wait"
              + " for their settle time. Grant SELECT, INSERT, UPDATE and DELETE on"
              + " tenant_control.service_instance and tenant_control.read_only_acknowledgement.",
          self.service(),
          e.getSQLState());
    }
  }

  private void renew(Connection connection) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO tenant_control.service_instance (service, instance, lease_until)"
            + " VALUES (?, ?, clock_timestamp() + make_interval(secs => ?))"
            + " ON CONFLICT (service, instance) DO UPDATE SET lease_until = excluded.lease_until",
        self.service(),
        self.instance(),
        length.toMillis() / 1000.0);
    if (!isRenewed) {
      forgetOld(connection);
    }
  }

  private void forgetOld(Connection connection) throws SQLException {
    for (String table : List.of("read_only_acknowledgement", "service_instance")) {
      Sql.update(
          connection,
          ("DELETE FROM tenant_control.%s AS t USING tenant_control.service_instance AS i"
                  + " WHERE i.service = ? AND t.service = i.service AND t.instance = i.instance"
                  + " AND i.lease_until < clock_timestamp() - make_interval(secs => ?)")
              .formatted(table),
          self.service(),
          (double) KEPT.toSeconds());
    }
  }

  private void tell(Connection connection, TenantConfig config) throws SQLException {
    Sql.update(
        connection,
        "INSERT INTO tenant_control.read_only_acknowledgement AS a"
            + " (tenant_id, service, instance, version) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (tenant_id, service, instance) DO UPDATE SET"
            + " version = greatest(a.version, excluded.version), at = excluded.at",
        config.tenantId(),
        self.service(),
        self.instance(),
        config.version());
  }

  /** Says that the instance writes nothing any more. */
  void end(Connection connection) throws SQLException {
    if (isPossible) {
      for (String table : List.of("read_only_acknowledgement", "service_instance")) {
        Sql.update(
            connection,
            "DELETE FROM tenant_control.%s WHERE service = ? AND instance = ?".formatted(table),
            self.service(),
            self.instance());
      }
    }
  }
}

package com.matih.tenantmigration.controlplane;

import java.time.Duration;

/**
 * A service that follows the tenants' configuration through a {@link TenantConfigListener}.
 *
 * <p>{@link #changed} and {@link #removed} are called in one thread. Where one of them throws, that
 * is logged and the same is told again some five seconds later, or what has become of it by then.
 */
public interface TenantConfigFollower {

  /** A tenant's configuration: once at the beginning, then at each change. */
  void changed(TenantConfig config);

  /** The tenant has no configuration any more. */
  default void removed(String tenant) {}

  /**
   * Nothing was heard for longer than the service can accept: a tenant may have become read-only
   * without its knowledge. A service that writes to stores that cannot be fenced must stop writing
   * until {@link #heardAgain}. Called once a silence, in a thread of its own; it must be quick.
   *
   * @param silence how long nothing has been heard
   */
  default void silent(Duration silence) {}

  /** The silence is over, and every change that was made meanwhile has been told. */
  default void heardAgain() {}
}

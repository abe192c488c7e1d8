package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.controlplane.TenantConfigListener;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import java.time.Duration;
import java.util.Optional;

/**
 * The tenants' routes as the control plane last announced them.
 *
 * <p>While nothing is heard of the control plane no tenant may write: one of them may have become
 * read-only without our knowledge.
 */
public final class TenantRoutes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TenantConfigListener listener;
  private final Sides sides;

  private TenantRoutes(TenantConfigListener listener, Sides sides) {
    this.listener = listener;
    this.sides = sides;
  }

  /**
   * Follows the control plane in a database of the shared side.
   *
   * @throws StoreException where it does not answer
   */
  public static TenantRoutes follow(String controlUrl, Sides sides) {
    TenantConfigListener listener =
        TenantConfigListener.start(
            controlUrl, sides.shared().pgUser(), sides.shared().pgPassword(), config -> {});
    try {
      if (listener.awaitFirstRead(PATIENCE)) {
        return new TenantRoutes(listener, sides);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listener.close();
    throw new StoreException("the control plane does not answer");
  }

  /** The tenant's route of now. */
  public Optional<TenantRoute> of(SampleTenant tenant) {
    return listener
        .current(tenant.id())
        .map(config -> new TenantRoute(tenant, config, listener.isSilent(), sides));
  }

  /** The route of the tenant with this id. */
  Optional<TenantRoute> of(String tenantId) {
    return SampleTenant.USUAL.stream()
        .filter(tenant -> tenant.id().equals(tenantId))
        .findFirst()
        .flatMap(this::of);
  }

  @Override
  public void close() {
    listener.close();
  }
}

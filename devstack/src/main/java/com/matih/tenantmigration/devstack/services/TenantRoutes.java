package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.controlplane.ServiceInstance;
import com.matih.tenantmigration.controlplane.TenantConfigListener;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.clusters.StoreException;
import com.matih.tenantmigration.devstack.sample.SampleRequests;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The tenants' routes as the control plane last announced them.
 *
 * <p>While nothing is heard of the control plane no tenant may write: one of them may have become
 * read-only without our knowledge.
 */
public final class TenantRoutes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** As long as the sample's requests wait for services. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(2);

  private final TenantConfigListener listener;
  private final OpenWrites open;
  private final Sides sides;

  private TenantRoutes(TenantConfigListener listener, OpenWrites open, Sides sides) {
    this.listener = listener;
    this.open = open;
    this.sides = sides;
  }

  /**
   * Follows the control plane in a database of the shared side.
   *
   * @throws StoreException where it does not answer
   */
  public static TenantRoutes follow(String controlUrl, Sides sides) {
    OpenWrites open = new OpenWrites();
    TenantConfigListener listener =
        TenantConfigListener.start(
            controlUrl,
            sides.shared().pgUser(),
            sides.shared().pgPassword(),
            open,
            SILENCE_LIMIT,
            new ServiceInstance(SampleRequests.SERVICE, UUID.randomUUID().toString()));
    open.acknowledgeTo(listener);
    try {
      if (listener.awaitFirstRead(PATIENCE)) {
        return new TenantRoutes(listener, open, sides);
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

  /**
   * Writes on the tenant's route of now where the tenant may write; answers whether it may. It
   * becomes read-only for good only when this has returned.
   */
  boolean write(SampleTenant tenant, Consumer<TenantRoute> writes) {
    if (!open.begin(tenant.id())) {
      return false;
    }
    try {
      Optional<TenantRoute> route = of(tenant).filter(TenantRoute::active);
      route.ifPresent(writes);
      return route.isPresent();
    } finally {
      open.end(tenant.id());
    }
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

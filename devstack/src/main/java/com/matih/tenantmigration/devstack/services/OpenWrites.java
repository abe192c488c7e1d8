package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.controlplane.TenantConfigFollower;
import com.matih.tenantmigration.controlplane.TenantConfigListener;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the writes that have begun for each tenant. When a tenant becomes read-only none begins
 * any more, and with the end of the last one that is acknowledged.
 */
final class OpenWrites implements TenantConfigFollower {

  private final Map<String, Integer> open = new HashMap<>();
  private final Map<String, TenantConfig> readOnly = new HashMap<>();
  private @Nullable TenantConfigListener listener;

  /** Has what can be acknowledged told to the listener from now on. */
  synchronized void acknowledgeTo(TenantConfigListener started) {
    listener = started;
    readOnly.keySet().forEach(this::acknowledgeIfEnded);
  }

  /** Begins a write; answers whether the tenant may write. */
  synchronized boolean begin(String tenant) {
    if (readOnly.containsKey(tenant)) {
      return false;
    }
    open.merge(tenant, 1, Integer::sum);
    return true;
  }

  /** Ends a write that was begun. */
  synchronized void end(String tenant) {
    open.merge(tenant, -1, Integer::sum);
    acknowledgeIfEnded(tenant);
  }

  @Override
  public synchronized void changed(TenantConfig config) {
    if (config.state() == State.READ_ONLY) {
      readOnly.put(config.tenantId(), config);
      acknowledgeIfEnded(config.tenantId());
    } else {
      readOnly.remove(config.tenantId());
    }
  }

  private void acknowledgeIfEnded(String tenant) {
    TenantConfig config = readOnly.get(tenant);
    if (listener != null && config != null && open.getOrDefault(tenant, 0) == 0) {
      listener.acknowledgeReadOnly(config);
    }
  }
}

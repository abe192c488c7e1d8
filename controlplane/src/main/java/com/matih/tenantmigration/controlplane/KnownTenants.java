package com.matih.tenantmigration.controlplane;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the tenants' configuration and what of it the follower has been told.
 *
 * <p>Anybody may ask what is known; the rest is the listening thread's alone.
 */
final class KnownTenants {

  private static final Logger log = LoggerFactory.getLogger(KnownTenants.class);

  /** A change that could not be followed is not told again at once: its cause takes time. */
  private static final Duration TOLD_AGAIN_AFTER = Duration.ofSeconds(5);

  private final TenantConfigFollower follower;
  private final Map<String, TenantConfig> known = new ConcurrentHashMap<>();

  /** What the follower has taken without a failure. */
  private final Map<String, TenantConfig> told = new HashMap<>();

  private long toldAgainAt = System.nanoTime();

  KnownTenants(TenantConfigFollower follower) {
    this.follower = follower;
  }

  Optional<TenantConfig> current(String tenant) {
    return Optional.ofNullable(known.get(tenant));
  }

  /** All that is known. */
  List<TenantConfig> all() {
    return List.copyOf(known.values());
  }

  /** Takes all tenants that there are. */
  void takeAll(List<TenantConfig> all) {
    Set<String> present = all.stream().map(TenantConfig::tenantId).collect(Collectors.toSet());
    Set.copyOf(known.keySet()).stream()
        .filter(tenant -> !present.contains(tenant))
        .forEach(this::forget);
    all.forEach(this::take);
  }

  void take(TenantConfig config) {
    known.put(config.tenantId(), config);
    tell(config);
  }

  void forget(String tenant) {
    known.remove(tenant);
    tellRemoval(tenant);
  }

  /** Tells what could not be followed before. */
  void tellAgain() {
    if (System.nanoTime() - toldAgainAt >= TOLD_AGAIN_AFTER.toNanos()) {
      toldAgainAt = System.nanoTime();
      known.values().forEach(this::tell);
      Set.copyOf(told.keySet()).stream()
          .filter(tenant -> !known.containsKey(tenant))
          .forEach(this::tellRemoval);
    }
  }

  private void tell(TenantConfig config) {
    if (config.equals(told.get(config.tenantId()))) {
      return;
    }
    try {
      follower.changed(config);
      told.put(config.tenantId(), config);
    } catch (RuntimeException e) {
      log.error(
          "a follower failed to handle a change of tenant {}; it is called again",
          config.tenantId(),
          e);
    }
  }

  private void tellRemoval(String tenant) {
    if (!told.containsKey(tenant)) {
      return;
    }
    try {
      follower.removed(tenant);
      told.remove(tenant);
    } catch (RuntimeException e) {
      log.error(
          "a follower failed to handle the removal of tenant {}; it is called again", tenant, e);
    }
  }
}

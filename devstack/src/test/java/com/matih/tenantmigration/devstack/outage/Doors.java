package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * One tenant's own proxies before the stores that are to fail for it, and the stores' addresses.
 */
final class Doors implements AutoCloseable {

  private final Map<Store, SilencedProxy> proxies = new EnumMap<>(Store.class);

  void put(Store store, SilencedProxy proxy) {
    proxies.put(store, proxy);
  }

  /** The address of a store as the tenant's request names it: through the proxy, if it has one. */
  String address(Store store, String direct) {
    SilencedProxy proxy = proxies.get(store);
    if (proxy == null) {
      return direct;
    }
    return store.isKafka() ? proxy.address() : proxy.inUrl(direct);
  }

  boolean has(Store store) {
    return proxies.containsKey(store);
  }

  /** The proxy before a store. */
  SilencedProxy before(Store store) {
    return Objects.requireNonNull(proxies.get(store));
  }

  void begin(Cell.Fault fault, Store store) {
    SilencedProxy proxy = proxies.get(store);
    try {
      switch (fault) {
        case GONE -> proxy.goAway();
        case SILENT -> proxy.fallSilent();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void end(Store store) {
    SilencedProxy proxy = proxies.get(store);
    try {
      proxy.comeBack();
      proxy.speakAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The direct address of a store. */
  static String direct(Store store, Side side, String database) {
    return switch (store) {
      case SHARED_POSTGRES, DEDICATED_POSTGRES -> side.jdbcUrl(database);
      case SHARED_S3, DEDICATED_S3 -> side.s3Endpoint();
      case SHARED_KAFKA, DEDICATED_KAFKA -> side.kafkaBootstrap();
      case SHARED_ELASTICSEARCH, DEDICATED_ELASTICSEARCH -> side.elasticsearchUrl();
      case SHARED_REDIS, DEDICATED_REDIS -> side.redisUri();
    };
  }

  @Override
  public void close() {
    for (SilencedProxy proxy : proxies.values()) {
      try {
        proxy.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

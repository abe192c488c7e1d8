package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Cuts a tenant's connections at places that a seed chooses, a few times each store's: before it
 * has got a request, and after it has answered. Requests that change something are hit far more
 * often than others. A step is tried several times, so each store has fewer cuts than that.
 */
final class SeededCuts {

  /** What a change begins with, or contains, on the wire of a store. */
  private static final Pattern CHANGE =
      Pattern.compile(
          "COMMIT|ALTER (DATABASE|TABLE)|CREATE (DATABASE|TABLE|INDEX)" // PostgreSQL
              + "|^(PUT|POST|DELETE) " // S3, Elasticsearch
              + "|^....\\x00[\\x00\\x08\\x13\\x14\\x16\\x18\\x1a\\x1c\\x2c]" // Kafka's API keys
              + "|EVALSHA|\\$4\\r\\nEVAL", // Redis
          Pattern.DOTALL);

  /** How much of a message is looked at; what names a request comes first. */
  private static final int LOOKED_AT = 4_096;

  private static final double AT_CHANGE = 0.12;
  private static final double ELSEWHERE = 0.004;

  private final Random random;
  private final int mostOfStore;
  private final Map<Store, Integer> done = new EnumMap<>(Store.class);

  SeededCuts(long seed, int mostOfStore) {
    this.random = new Random(seed);
    this.mostOfStore = mostOfStore;
  }

  /** Cuts before one store. */
  SilencedProxy.Cut before(Store store) {
    return new SilencedProxy.Cut() {

      private volatile boolean changing;

      @Override
      public boolean isHere(byte[] bytes, int length, boolean fromClient) {
        if (fromClient) {
          changing = isChange(bytes, length);
        }
        return cuts(store, changing);
      }
    };
  }

  /** How many there were, by store. */
  synchronized Map<Store, Integer> done() {
    return Map.copyOf(done);
  }

  private synchronized boolean cuts(Store store, boolean changing) {
    int before = done.getOrDefault(store, 0);
    if (before >= mostOfStore || random.nextDouble() >= (changing ? AT_CHANGE : ELSEWHERE)) {
      return false;
    }
    done.put(store, before + 1);
    return true;
  }

  private static boolean isChange(byte[] bytes, int length) {
    String text = new String(bytes, 0, Math.min(length, LOOKED_AT), StandardCharsets.ISO_8859_1);
    return CHANGE.matcher(text).find();
  }
}

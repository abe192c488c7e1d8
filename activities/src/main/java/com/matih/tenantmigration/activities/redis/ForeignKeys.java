package com.matih.tenantmigration.activities.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Keys of the dedicated Redis that a migration has not warmed. */
final class ForeignKeys {

  private ForeignKeys() {}

  /** Any key that is not a migration's bookkeeping: an empty Redis has none. */
  static Optional<String> any(Cache dedicated) {
    AtomicReference<String> found = new AtomicReference<>();
    KeyScan.walk(
        dedicated,
        "",
        keys -> {
          keys.stream()
              .filter(key -> !RedisNames.isBookkeeping(key))
              .findFirst()
              .ifPresent(found::set);
          return found.get() == null;
        });
    return Optional.ofNullable(found.get());
  }

  /**
   * Hands over each key that this migration has not warmed.
   *
   * @return how many keys were looked at
   */
  static long find(Cache dedicated, String migrationId, Consumer<String> foreign) {
    WarmedKeys warmed = new WarmedKeys(dedicated, migrationId);
    AtomicLong looked = new AtomicLong();
    KeyScan.walk(
        dedicated,
        "",
        step -> {
          List<String> keys = new ArrayList<>(step);
          keys.removeIf(RedisNames::isBookkeeping);
          List<Double> expiries = warmed.expiries(keys);
          for (int i = 0; i < keys.size(); i++) {
            if (expiries.get(i).isNaN()) {
              foreign.accept(keys.get(i));
            }
          }
          looked.addAndGet(keys.size());
          return true;
        });
    return looked.get();
  }
}

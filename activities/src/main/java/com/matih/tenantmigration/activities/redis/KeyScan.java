package com.matih.tenantmigration.activities.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.List;
import java.util.function.Predicate;

/** Walks through a Redis' keys in constant memory. A key may come twice, as SCAN may. */
final class KeyScan {

  private static final int KEYS_A_STEP = 1000;

  private KeyScan() {}

  /**
   * Hands over the keys that begin with a prefix, in portions.
   *
   * @param portion takes some keys, and answers whether to go on
   */
  static void walk(Cache cache, String prefix, Predicate<List<String>> portion) {
    ScanArgs arguments = ScanArgs.Builder.limit(KEYS_A_STEP).match(escape(prefix) + "*");
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      ScanCursor from = cursor;
      KeyScanCursor<String> step = cache.call("list keys", redis -> redis.scan(from, arguments));
      if (!step.getKeys().isEmpty() && !portion.test(step.getKeys())) {
        return;
      }
      cursor = step;
    }
  }

  /** The prefix as a glob pattern that matches nothing but itself. */
  static String escape(String prefix) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < prefix.length(); i++) {
      char c = prefix.charAt(i);
      if ("*?[]^-\\".indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}

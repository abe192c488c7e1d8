package com.matih.tenantmigration.activities.objectstorage.client;

import java.util.Comparator;

/**
 * The order in which S3 lists keys: by their UTF-8 bytes, which is the order of code points and not
 * that of Java's {@code String.compareTo}, where surrogates come before U+E000.
 */
public final class KeyOrder implements Comparator<String> {

  public static final KeyOrder INSTANCE = new KeyOrder();

  private KeyOrder() {}

  @Override
  public int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean aInPair = Character.isSurrogate(a);
        boolean bInPair = Character.isSurrogate(b);
        if (aInPair != bInPair) {
          return aInPair ? 1 : -1;
        }
        return Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}

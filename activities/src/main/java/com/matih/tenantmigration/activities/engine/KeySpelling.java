package com.matih.tenantmigration.activities.engine;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether two texts are the same tenant's key, written differently: a uuid in upper case or
 * without dashes, a number with leading zeros, letters of another case. A database's column may
 * treat them as equal; headers, fields and names are compared as they are written.
 */
public final class KeySpelling {

  private static final Pattern UUID =
      Pattern.compile(
          "\\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\\}?");

  /** Longer ones are not keys, and are costly to parse. */
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.0{1,20})?");

  private KeySpelling() {}

  /** Whether a text is the key in another spelling. */
  public static boolean isAnother(String key, String text) {
    return !text.equals(key) && plain(text).equals(plain(key));
  }

  /**
   * The key as it may be written elsewhere, in lower case but for the key itself: a uuid with and
   * without its dashes and braces. A number's zeros are not among them. Stores that are searched
   * for it have to disregard the letters' case.
   */
  public static List<String> spellings(String key) {
    Matcher uuid = UUID.matcher(key.strip().toLowerCase(Locale.ROOT));
    return uuid.matches()
        ? List.of(
            key,
            uuid.replaceAll("$1$2$3$4$5"),
            uuid.replaceAll("{$1$2$3$4$5}"),
            uuid.replaceAll("$1-$2-$3-$4-$5"),
            uuid.replaceAll("{$1-$2-$3-$4-$5}"))
        : List.of(key);
  }

  private static String plain(String text) {
    String small = text.strip().toLowerCase(Locale.ROOT);
    Matcher uuid = UUID.matcher(small);
    if (uuid.matches()) {
      return uuid.replaceAll("$1$2$3$4$5");
    }
    return NUMBER.matcher(small).matches()
        ? new BigDecimal(small).stripTrailingZeros().toPlainString()
        : small;
  }
}

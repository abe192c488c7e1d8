package com.matih.tenantmigration.activities.engine;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether two texts are the same tenant's key, written differently: a uuid in upper case or
 * without dashes, a number with leading zeros, letters of another case or composed in another way,
 * and what cannot be seen around and between them, such as the NULs of UTF-16. A database's column
 * may treat them as equal; headers, fields and names are compared as they are written.
 */
public final class KeySpelling {

  private static final Pattern UUID =
      Pattern.compile(
          "\\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\\}?");

  /** Longer ones are not keys, and are costly to parse. */
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.0{1,20})?");

  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}]");

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

  /** Whether a text begins with the prefix in another spelling, also in quotes. */
  public static boolean isAnotherBeginning(String prefix, String text) {
    String plain = visible(text).strip();
    int begin = plain.startsWith("\"") ? 1 : 0;
    String wanted = visible(prefix);
    return !text.startsWith(prefix) && plain.regionMatches(true, begin, wanted, 0, wanted.length());
  }

  private static String visible(String text) {
    return INVISIBLE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll("");
  }

  private static String plain(String text) {
    String small = visible(text).strip().toLowerCase(Locale.ROOT);
    Matcher uuid = UUID.matcher(small);
    if (uuid.matches()) {
      return uuid.replaceAll("$1$2$3$4$5");
    }
    return NUMBER.matcher(small).matches()
        ? new BigDecimal(small).stripTrailingZeros().toPlainString()
        : small;
  }
}

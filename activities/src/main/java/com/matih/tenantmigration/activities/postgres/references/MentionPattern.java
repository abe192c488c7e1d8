package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.nio.charset.StandardCharsets;

/** The regular expression that finds a storage location within any text. */
final class MentionPattern {

  private static final String SLASH = "(?:/|\\\\/|%2[fF])";

  private MentionPattern() {}

  static String of(Location location) {
    String bucket = ReferencePattern.literal(location.bucket());
    String prefix = location.prefix();
    boolean isFolder = prefix.isEmpty() || prefix.endsWith("/");
    String path = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return "(?:"
        + SLASH
        + bucket
        + "|"
        + SLASH
        + SLASH
        + bucket
        + "\\.[a-zA-Z0-9.:-]+)"
        + (path.isEmpty() ? "" : SLASH + encoded(path))
        + (isFolder ? "(?:" + SLASH + "|$|[^a-zA-Z0-9_.%-])" : "");
  }

  /** Each character as it is or percent-encoded. */
  private static String encoded(String text) {
    StringBuilder pattern = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '/') {
                pattern.append(SLASH);
              } else if (c < 128 && Character.isLetterOrDigit(c)) {
                pattern.appendCodePoint(c);
              } else {
                String one = Character.toString(c);
                pattern.append("(?:").append(ReferencePattern.literal(one)).append('|');
                for (byte b : one.getBytes(StandardCharsets.UTF_8)) {
                  pattern.append('%');
                  hexDigit(pattern, (b >> 4) & 15);
                  hexDigit(pattern, b & 15);
                }
                pattern.append(')');
              }
            });
    return pattern.toString();
  }

  private static void hexDigit(StringBuilder pattern, int digit) {
    char upper = Character.toUpperCase(Character.forDigit(digit, 16));
    if (digit < 10) {
      pattern.append(upper);
    } else {
      pattern.append('[').append(upper).append(Character.toLowerCase(upper)).append(']');
    }
  }
}

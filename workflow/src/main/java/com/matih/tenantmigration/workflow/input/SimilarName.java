package com.matih.tenantmigration.workflow.input;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds which of the known names somebody probably meant. */
public final class SimilarName {

  private SimilarName() {}

  /** The nearest known name, where one is near enough to be worth a guess. */
  public static Optional<String> of(String written, Collection<String> known) {
    String plain = plain(written);
    int allowed = Math.max(1, plain.length() / 3);
    String best = null;
    int bestDistance = allowed + 1;
    for (String candidate : known) {
      int distance = distance(plain, plain(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code tenant_column}, {@code tenant-column} and {@code TenantColumn} are all one name. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** The least number of insertions, deletions, replacements and swaps of neighbours. */
  private static int distance(String left, String right) {
    int[] beforePrevious = new int[right.length() + 1];
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[right.length() + 1];
      current[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
        }
      }
      beforePrevious = previous;
      previous = current;
    }
    return previous[right.length()];
  }
}

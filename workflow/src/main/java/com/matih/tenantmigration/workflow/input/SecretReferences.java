package com.matih.tenantmigration.workflow.input;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The form of a reference to a secret, {@code ${env:NAME}} or {@code ${file:PATH}}, which stands
 * where a secret must not.
 */
public final class SecretReferences {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?:env:[A-Za-z_][A-Za-z0-9_.-]{0,127}|file:[^}\\p{Cntrl}]{1,1024})}");
  private static final Pattern ONLY_REFERENCES =
      Pattern.compile("(?:" + REFERENCE.pattern() + ")+");

  private SecretReferences() {}

  /** Whether a reference, or what begins like one, stands anywhere in the text. */
  public static boolean isIn(String text) {
    return text.contains("${env:") || text.contains("${file:");
  }

  /** The references of a text, in their order. */
  public static List<String> of(String text) {
    return REFERENCE.matcher(text).results().map(MatchResult::group).toList();
  }

  /** Whether the text is nothing but references. */
  public static boolean areAll(String text) {
    return ONLY_REFERENCES.matcher(text).matches();
  }

  /**
   * The text with each reference replaced by another text, so that the form around it can be read.
   */
  public static String replaceEach(String text, String replacement) {
    return REFERENCE.matcher(text).replaceAll(replacement);
  }
}

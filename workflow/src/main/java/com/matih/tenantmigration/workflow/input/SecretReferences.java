package com.matih.tenantmigration.workflow.input;

import java.util.regex.Pattern;

/**
 * The form of a reference to a secret, {@code ${env:NAME}} or {@code ${file:PATH}}, which stands
 * where a secret must not.
 */
public final class SecretReferences {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(?:env|file):[^}]+}");
  private static final Pattern ONLY_REFERENCES =
      Pattern.compile("(?:" + REFERENCE.pattern() + ")+");

  private SecretReferences() {}

  /** Whether the text is nothing but references. */
  public static boolean areAll(String text) {
    return ONLY_REFERENCES.matcher(text).matches();
  }

  /** The text with each reference replaced by one sign, so that the form around it can be read. */
  public static String replaceEach(String text, String replacement) {
    return REFERENCE.matcher(text).replaceAll(replacement);
  }
}

package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a secret reference from a secret, which a request must not hold. */
final class Secrets {

  static final String REMEDY =
      "Write a reference that the worker resolves, ${env:NAME} or ${file:/PATH}, and change the"
          + " secret if this file was shared.";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "passwd|password|passphrase|secret|token|credential|api[-_.]?key|access[-_.]?key"
              + "|private[-_.]?key|signature|keystore\\.key$|basic\\.auth\\.user\\.info");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([\\w.-]+)\\s*=\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^\\s;&]+)");

  private Secrets() {}

  /** Whether the text refers to something by a form that is not a reference, such as ${NAME}. */
  static boolean hasMalformedReference(String text) {
    return SecretReferences.replaceEach(text, "").contains("${");
  }

  /** Whether a setting of that name holds a secret. */
  static boolean isSecretName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    // names of classes and files that only sound like secrets
    return SECRET_NAME.matcher(lower).find()
        && !lower.endsWith(".location")
        && !lower.endsWith(".class")
        && !lower.endsWith(".url");
  }

  /** A value that has to be a reference, where it is there at all. */
  static void requireReference(Problems problems, @Nullable String value, String path) {
    if (value == null) {
      return;
    }
    if (hasMalformedReference(value)) {
      problems.add(path, "has an invalid secret reference", REMEDY);
    } else {
      problems.require(SecretReferences.areAll(value), path, "is a literal secret", REMEDY);
    }
  }

  /** Whether a text of {@code name=value} parts assigns a literal to a name that is a secret's. */
  static boolean assignsLiteral(String text) {
    for (Matcher parts = ASSIGNMENT.matcher(text); parts.find(); ) {
      if (isSecretName(parts.group(1)) && !SecretReferences.areAll(unquoted(parts.group(2)))) {
        return true;
      }
    }
    return false;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}

package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;

/**
 * The regular expressions of the references into one place of a storage: their first group is all
 * before the place's name, the second, where there is one, what follows it.
 *
 * @param base what a reference has after its scheme: the bucket and the prefix, without a slash at
 *     the end where places are folders
 * @param hasTail whether the place is a folder, whose name ends at a slash or with the reference
 */
record ReferencePattern(String base, boolean hasTail) {

  private static final String SCHEME = "[sS]3[aAnN]?:";

  ReferencePattern(Location location, boolean byFolders) {
    this(
        byFolders
            ? withoutSlash(location.bucket() + "/" + location.prefix())
            : location.bucket() + "/" + location.prefix(),
        byFolders);
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** For a text that is a reference. */
  String ofText() {
    return "^(" + SCHEME + "//)" + literal(base) + (hasTail ? "(/|$)" : "");
  }

  /** For JSON text, in which a string, or a key, is a reference. */
  String ofJson() {
    String slash = "(?:\\\\/|/)";
    return "(?<!\\\\)(\""
        + SCHEME
        + slash
        + slash
        + ")"
        + literal(json(base)).replace("\\/", slash)
        + (hasTail ? "(\\\\/|/|\")" : "");
  }

  /** The text as it stands within a JSON string; slashes stay. */
  static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** A pattern that only the text itself matches. */
  static String literal(String text) {
    StringBuilder pattern = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c < 128 && !Character.isLetterOrDigit(c)) {
                pattern.append('\\');
              }
              pattern.appendCodePoint(c);
            });
    return pattern.toString();
  }

  /** The text as {@code regexp_replace} takes it for a replacement. */
  static String replacement(String text) {
    return text.replace("\\", "\\\\");
  }
}

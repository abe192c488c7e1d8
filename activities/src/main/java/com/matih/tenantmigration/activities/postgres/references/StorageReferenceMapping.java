package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a reference into the shared storage becomes one into the dedicated storage.
 *
 * <p>A text is such a reference where it starts with {@code s3://<source bucket>/<source prefix>},
 * or is that without the slash at its end; {@code s3a}, {@code s3n} and capital letters are schemes
 * as well, and stay. Bucket and prefix become the target's and the rest stays, byte by byte. Any
 * other text stays as it is. The mapping is not repeatable where the target's place lies within the
 * source's, so it is applied to what stands in the shared database, once, and never to its own
 * result.
 *
 * <p>The regular expressions mean the same to PostgreSQL and to Java.
 */
public final class StorageReferenceMapping {

  private final ObjectStorageSpec storage;
  private final ReferencePattern from;
  private final ReferencePattern to;
  private final Pattern shared;
  private final Pattern dedicated;

  private StorageReferenceMapping(ObjectStorageSpec storage) {
    boolean byFolders = isFolder(storage.source()) && isFolder(storage.target());
    this.storage = storage;
    this.from = new ReferencePattern(storage.source(), byFolders);
    this.to = new ReferencePattern(storage.target(), byFolders);
    this.shared = Pattern.compile(from.ofText());
    this.dedicated = Pattern.compile(to.ofText());
  }

  private static boolean isFolder(Location location) {
    return location.prefix().isEmpty() || location.prefix().endsWith("/");
  }

  /** The request's mapping; empty where the request moves no objects, and references stay. */
  public static Optional<StorageReferenceMapping> of(MigrationRequest request) {
    return Optional.ofNullable(request.objectStorage()).map(StorageReferenceMapping::new);
  }

  /** Whether the value points into the tenant's part of the shared storage. */
  public boolean isShared(String reference) {
    return shared.matcher(reference).find();
  }

  /** Whether the value points into the dedicated storage. */
  public boolean isDedicated(String reference) {
    return dedicated.matcher(reference).find();
  }

  /** The reference as it must stand in the dedicated database. */
  public String map(String reference) {
    return replace(shared.matcher(reference), reference, from, to);
  }

  /** The reference in the shared database that became this one. */
  public String original(String reference) {
    return replace(dedicated.matcher(reference), reference, to, from);
  }

  private static String replace(
      Matcher matcher, String reference, ReferencePattern from, ReferencePattern to) {
    return matcher.find()
        ? matcher.group(1) + to.base() + reference.substring(matcher.end(1) + from.base().length())
        : reference;
  }

  /** The key of the object that a reference names; empty for the bucket itself. */
  public static String key(String reference) {
    int bucket = reference.indexOf("://") + 3;
    int slash = reference.indexOf('/', bucket);
    return slash < 0 ? "" : reference.substring(slash + 1);
  }

  /** An SQL expression that is true where {@code expression}, a text, would change. */
  String isMapped(String expression) {
    return matches(expression, from.ofText());
  }

  /** The same where the text is JSON and one of its strings would change. */
  String isMappedInJson(String expression) {
    return matches(expression, from.ofJson());
  }

  /** An SQL expression that is true where {@code expression}, a text, is a dedicated reference. */
  public String isDedicatedIn(String expression) {
    return matches(expression, to.ofText());
  }

  /**
   * An SQL expression that is true where {@code expression}, a text, contains the tenant's part of
   * the shared storage in any spelling: as a URL of whatever scheme, with the bucket in its path or
   * its host, with encoded characters, within other text.
   */
  public String isMentioned(String expression) {
    return "(strpos(%s COLLATE \"C\", %s) > 0 AND %s)"
        .formatted(
            expression,
            SqlLiterals.quote(storage.source().bucket()),
            matches(expression, MentionPattern.of(storage.source())));
  }

  /** An SQL expression for the mapped value of {@code expression}, a text. */
  String mapped(String expression) {
    return replaced(expression, from.ofText(), "\\1" + ReferencePattern.replacement(to.base()), "");
  }

  /** The same for a text that is JSON. */
  String mappedInJson(String expression) {
    return replaced(
        expression,
        from.ofJson(),
        "\\1" + ReferencePattern.replacement(ReferencePattern.json(to.base())),
        ", 'g'");
  }

  private String replaced(String expression, String pattern, String replacement, String flags) {
    return "regexp_replace(%s COLLATE \"C\", %s, %s%s) COLLATE \"default\""
        .formatted(
            expression,
            SqlLiterals.quote(pattern),
            SqlLiterals.quote(replacement + (from.hasTail() ? "\\2" : "")),
            flags);
  }

  /** Collations that take different bytes for equal cannot be asked for patterns. */
  private static String matches(String expression, String pattern) {
    return "%s COLLATE \"C\" ~ %s".formatted(expression, SqlLiterals.quote(pattern));
  }

  /** {@code s3://bucket/prefix} of the shared storage. */
  public String from() {
    return storage.source().uri();
  }

  /** {@code s3://bucket/prefix} of the dedicated storage. */
  public String to() {
    return storage.target().uri();
  }
}

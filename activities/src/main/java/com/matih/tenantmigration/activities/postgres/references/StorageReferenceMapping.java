package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.util.Optional;

/**
 * How a reference into the shared storage becomes one into the dedicated storage.
 *
 * <p>A value is such a reference where it starts with {@code s3://<source bucket>/<source prefix>};
 * that part becomes the target's bucket and prefix and the rest stays, byte by byte. Any other
 * value stays as it is. The mapping is not repeatable where the target's place lies within the
 * source's, so it is applied to what stands in the shared database, once, and never to its own
 * result.
 */
public final class StorageReferenceMapping {

  private final String from;
  private final String to;

  private StorageReferenceMapping(String from, String to) {
    this.from = from;
    this.to = to;
  }

  /** The request's mapping; empty where the request moves no objects, and references stay. */
  public static Optional<StorageReferenceMapping> of(MigrationRequest request) {
    ObjectStorageSpec storage = request.objectStorage();
    return storage == null
        ? Optional.empty()
        : Optional.of(new StorageReferenceMapping(storage.source().uri(), storage.target().uri()));
  }

  /** Whether the value points into the tenant's part of the shared storage. */
  public boolean isShared(String reference) {
    return reference.startsWith(from);
  }

  /** Whether the value points into the dedicated storage. */
  public boolean isDedicated(String reference) {
    return reference.startsWith(to);
  }

  /** The reference as it must stand in the dedicated database. */
  public String map(String reference) {
    return isShared(reference) ? to + reference.substring(from.length()) : reference;
  }

  /** An SQL expression that is true where {@code expression}, a text, would change. */
  public String condition(String expression) {
    return "left(%s, %d) = %s".formatted(expression, length(from), SqlLiterals.quote(from));
  }

  /** An SQL expression for the mapped value of {@code expression}, a text. */
  public String expression(String expression) {
    return "CASE WHEN %s THEN %s || substr(%s, %d) ELSE %s END"
        .formatted(
            condition(expression), SqlLiterals.quote(to), expression, length(from) + 1, expression);
  }

  /** {@code s3://bucket/prefix} of the shared storage. */
  public String from() {
    return from;
  }

  /** {@code s3://bucket/prefix} of the dedicated storage. */
  public String to() {
    return to;
  }

  /** PostgreSQL counts code points. */
  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}

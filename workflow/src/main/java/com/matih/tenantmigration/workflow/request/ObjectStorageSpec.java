package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The tenant's objects.
 *
 * @param concurrency how many objects are copied at the same time; 32 when left out
 * @param allowEmpty whether there may be no object at all, which is otherwise taken for a mistyped
 *     prefix; false when left out
 * @param checkMetadata whether metadata and tags of all objects are compared while they are
 *     followed, as no listing shows that tags alone changed; false when left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ObjectStorageSpec(
    Location source,
    Location target,
    Integer concurrency,
    boolean allowEmpty,
    boolean checkMetadata)
    implements StoreSpec {

  public static final int DEFAULT_CONCURRENCY = 32;

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public ObjectStorageSpec {
    concurrency = concurrency == null ? DEFAULT_CONCURRENCY : concurrency;
  }

  /** Objects of which there must be at least one. */
  public ObjectStorageSpec(Location source, Location target, Integer concurrency) {
    this(source, target, concurrency, false, false);
  }

  /**
   * A prefix in a bucket of an S3 server.
   *
   * @param endpoint the server's address, or {@code null} for the region's own
   * @param prefix empty, or ending in a delimiter
   * @param accessKey a secret reference
   * @param secretKey a secret reference
   * @param caFile the file with the CAs that are trusted, or {@code null} for those of the JVM
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Location(
      @Nullable String endpoint,
      String region,
      String bucket,
      String prefix,
      @Nullable String accessKey,
      @Nullable String secretKey,
      @Nullable String caFile) {

    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Location {
      prefix = prefix == null ? "" : prefix;
      region = region == null ? "us-east-1" : region;
    }

    /** A place on a server whose certificate, if it has one, the JVM trusts. */
    public Location(
        @Nullable String endpoint,
        String region,
        String bucket,
        String prefix,
        @Nullable String accessKey,
        @Nullable String secretKey) {
      this(endpoint, region, bucket, prefix, accessKey, secretKey, null);
    }

    /** {@code s3://bucket/prefix}, the form in which references and routes name this place. */
    public String uri() {
      return "s3://" + bucket + "/" + prefix;
    }
  }
}

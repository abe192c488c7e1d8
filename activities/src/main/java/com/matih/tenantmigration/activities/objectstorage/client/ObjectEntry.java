package com.matih.tenantmigration.activities.objectstorage.client;

import java.time.Instant;

/**
 * One object as a listing shows it.
 *
 * @param name the key without the listing's prefix: what is the same on both sides
 * @param etag as the server writes it, quotes included
 */
public record ObjectEntry(
    String name, String key, long size, String etag, Instant lastModified, String storageClass) {

  /** Whether the two have the same size and the same ETag; an empty ETag is like no other. */
  public boolean looksLike(ObjectEntry other) {
    return size == other.size && !ETags.bare(etag).isEmpty() && ETags.same(etag, other.etag);
  }
}

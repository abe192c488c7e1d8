package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Iterator;

/**
 * What a listing showed, in a few numbers: two listings with the same digest show the same objects,
 * none of which was written in between.
 *
 * @param sha256 over key, ETag, size and time of the last write of each object, in the order of the
 *     keys
 * @param newestMillis when the newest of them was written, by the server's clock
 */
public record ListingDigest(long objects, long bytes, String sha256, long newestMillis) {

  public static ListingDigest of(Iterator<ObjectEntry> listing) {
    MessageDigest digest = Digests.sha256();
    long objects = 0;
    long bytes = 0;
    long newest = 0;
    while (listing.hasNext()) {
      ObjectEntry object = listing.next();
      objects++;
      bytes += object.size();
      newest = Math.max(newest, object.lastModified().toEpochMilli());
      String line =
          "%s\0%s\0%d\0%d\n"
              .formatted(
                  object.key(),
                  ETags.bare(object.etag()),
                  object.size(),
                  object.lastModified().toEpochMilli());
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return new ListingDigest(objects, bytes, Digests.hex(digest), newest);
  }

  public Instant newest() {
    return Instant.ofEpochMilli(newestMillis);
  }
}

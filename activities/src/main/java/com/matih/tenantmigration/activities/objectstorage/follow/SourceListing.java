package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectListing;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The source's objects of a range of names, one ahead, each with whether it is young.
 *
 * <p>Servers tell the time of a write to the second, and those of a cluster differ a little: two
 * writes of the same content within a second look the same.
 */
final class SourceListing {

  /**
   * An object as a pass finds it.
   *
   * @param isYoung whether it was written so shortly before it was listed that a later write may
   *     show the same time
   */
  record Listed(ObjectEntry object, boolean isYoung) {}

  private static final Duration YOUNG = Duration.ofSeconds(2);

  private final TenantObjects objects;
  private final ObjectListing listing;
  private @Nullable Listed ahead;

  SourceListing(TenantObjects objects, KeyRange range, ProgressMonitor monitor) {
    this.objects = objects;
    this.listing = new ObjectListing(objects.source(), range, monitor);
    advance();
  }

  /** The next object's name; {@code null} at the end, or where it lies behind that name. */
  @Nullable String nextName(@Nullable String upTo) {
    if (ahead == null) {
      return null;
    }
    String name = ahead.object().name();
    return upTo == null || KeyOrder.INSTANCE.compare(name, upTo) <= 0 ? name : null;
  }

  Listed take() {
    Listed taken = ahead;
    if (taken == null) {
      throw new IllegalStateException("nothing is listed any more");
    }
    advance();
    return taken;
  }

  private void advance() {
    ahead = null;
    while (ahead == null && listing.hasNext()) {
      ObjectEntry object = listing.next();
      if (!objects.isFolderMarker(object.name())) {
        ahead = new Listed(object, isYoung(object.lastModified(), listing.answeredAt()));
      }
    }
  }

  /** Both by the server's clock, the latter without parts of a second. */
  static boolean isYoung(Instant lastModified, Instant answeredAt) {
    return lastModified.isAfter(answeredAt.minus(YOUNG));
  }
}

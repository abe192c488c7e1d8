package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.forecast.ReadSample;
import com.matih.tenantmigration.activities.engine.forecast.StoreForecast;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.List;
import java.util.OptionalLong;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * How fast the shared bucket hands out objects: some are read for a second.
 *
 * <p>What is copied is counted in bytes; a request takes as long as so many of them.
 */
final class ObjectSpeed {

  private static final long BYTES_OF_A_REQUEST = 64L << 10;

  /** The beginning of a large object tells as much as all of it. */
  private static final long MOST_OF_AN_OBJECT = 4L << 20;

  private static final double PREPARATION = 0.5;

  /** An object is read, written and looked at on both sides, many of them at a time. */
  private static final double EFFORT = 2;

  private static final double DRAIN = 0.5;

  private final ObjectStore source;
  private final List<ObjectEntry> some;
  private final double listingSeconds;
  private final double metadataSeconds;

  /**
   * Measures by some objects.
   *
   * @param some from all over the listing
   * @param listingSeconds how long it took to list them all, as the drain does on both sides
   * @param metadataSeconds how long the drain compares metadata and tags; 0 where it does not
   */
  ObjectSpeed(
      ObjectStore source, List<ObjectEntry> some, double listingSeconds, double metadataSeconds) {
    this.source = source;
    this.some = some;
    this.listingSeconds = listingSeconds;
    this.metadataSeconds = metadataSeconds;
  }

  StoreEstimate estimate(StoresSummary.ObjectStorage all, OptionalLong bytesPerSecond) {
    return new StoreForecast(
            StoreName.OBJECT_STORAGE,
            PREPARATION + 2 * listingSeconds,
            EFFORT,
            DRAIN + 2 * listingSeconds + metadataSeconds)
        .estimate(units(all.objects(), all.bytes()), this::read, OptionalLong.empty())
        .atLeast(
            bytesPerSecond.isEmpty()
                ? 0
                : PREPARATION
                    + 2 * listingSeconds
                    + (double) all.bytes() / bytesPerSecond.getAsLong());
  }

  private static long units(long objects, long bytes) {
    return objects * BYTES_OF_A_REQUEST + bytes;
  }

  private void read(ReadSample sample) {
    for (ObjectEntry object : some) {
      if (sample.goesOn()) {
        long bytes = Math.min(object.size(), MOST_OF_AN_OBJECT);
        if (isRead(object, bytes)) {
          sample.read(units(1, bytes), bytes);
        }
      }
    }
  }

  /** Reads the beginning of an object; not where it was deleted or replaced since it was listed. */
  private boolean isRead(ObjectEntry object, long bytes) {
    String attempted = "read " + source.uri(object.key());
    try {
      var unused =
          source.ask(
              attempted,
              s3 ->
                  s3.getObject(
                      get -> {
                        get.bucket(source.bucket()).key(object.key());
                        if (bytes < object.size()) {
                          get.range("bytes=0-%d".formatted(bytes - 1));
                        }
                      },
                      ResponseTransformer.toBytes()));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == 404 || e.statusCode() == 416) {
        return false;
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }
}

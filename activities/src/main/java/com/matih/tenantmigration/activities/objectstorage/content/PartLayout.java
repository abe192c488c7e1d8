package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import java.util.OptionalInt;

/**
 * How an object is cut into the parts of an upload.
 *
 * <p>The source's own cut is kept where its ETag tells how many parts there were: then the copy has
 * the same ETag as the source, which proves equal content and lets a second attempt pass the object
 * over.
 */
public record PartLayout(long objectSize, int partSize) {

  static final int MEBIBYTE = 1024 * 1024;

  /** Objects up to this size are copied in one piece; it is also the usual size of a part. */
  public static final int WHOLE_LIMIT = 8 * MEBIBYTE;

  /** A part is held in memory while it is copied. */
  static final int LARGEST_PART = 64 * MEBIBYTE;

  /** S3's limit. */
  static final int MOST_PARTS = 10_000;

  public static final long LARGEST_OBJECT = (long) LARGEST_PART * MOST_PARTS;

  public static PartLayout of(ObjectEntry object) {
    long size = object.size();
    OptionalInt parts = ETags.parts(object.etag());
    if (parts.isPresent()) {
      long usual = WHOLE_LIMIT;
      if (count(size, usual) == parts.getAsInt()) {
        return new PartLayout(size, WHOLE_LIMIT);
      }
      long likely = inWholeMebibytes(size, parts.getAsInt());
      if (likely >= 5 * MEBIBYTE
          && likely <= LARGEST_PART
          && count(size, likely) == parts.getAsInt()) {
        return new PartLayout(size, (int) likely);
      }
    }
    long needed = Math.max(WHOLE_LIMIT, inWholeMebibytes(size, MOST_PARTS));
    if (needed > LARGEST_PART) {
      throw new IllegalArgumentException("an object of %d bytes".formatted(size));
    }
    return new PartLayout(size, (int) needed);
  }

  public int parts() {
    return Math.toIntExact(count(objectSize, partSize));
  }

  /** One part, counted from 0. */
  public Part part(int index) {
    long from = (long) index * partSize;
    return new Part(index, from, (int) Math.min(partSize, objectSize - from));
  }

  /** Bytes of an object that travel together. */
  public record Part(int index, long from, int size) {

    /** The number that the upload knows it by. */
    public int number() {
      return index + 1;
    }

    /** As a Range header. */
    String range() {
      return "bytes=%d-%d".formatted(from, from + size - 1);
    }
  }

  private static long count(long size, long partSize) {
    return (size + partSize - 1) / partSize;
  }

  private static long inWholeMebibytes(long size, int parts) {
    long exact = count(size, parts);
    return count(exact, MEBIBYTE) * MEBIBYTE;
  }
}

package com.matih.tenantmigration.embedded.workload.objects;

/** What an {@link ObjectWorkload} does to an object. */
public enum ObjectChange {
  /** A new object, or one that was deleted before. */
  PUT,
  /** Twenty small new objects. */
  PUT_MANY,
  /** Other content of any size. */
  OVERWRITE,
  /** Other content of the same size. */
  OVERWRITE_SAME_SIZE,
  /** The same content with other metadata, which leaves size and ETag as they are. */
  OTHER_METADATA,
  DELETE,
  /** Deletes an object and writes it again as it was. */
  WRITE_AGAIN,
  /** A copy within the bucket, over another object perhaps. */
  COPY,
  /** Completes an upload that was begun some changes before. */
  LATE_UPLOAD,
  /** A new object that is too large to be copied in one piece. */
  PUT_LARGE
}

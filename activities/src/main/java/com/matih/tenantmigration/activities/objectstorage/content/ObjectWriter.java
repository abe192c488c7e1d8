package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.snapshot.AbandonableOutput;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes one object of a length that is not known beforehand, a part in memory at a time. The
 * object is there once the stream is closed, in one piece if it is small; after a failed write it
 * is not. What an upload holds that is given up is freed by a client of its own: the one that wrote
 * may be closed by a cancel, or waiting for a server that does not answer.
 *
 * <p>Parts grow as the object does, so that S3's limit of 10,000 parts is reached at some 290 GiB.
 */
public final class ObjectWriter extends AbandonableOutput {

  private static final Logger log = LoggerFactory.getLogger(ObjectWriter.class);

  private static final int FIRST_PART = PartLayout.WHOLE_LIMIT;
  private static final int PARTS_OF_A_SIZE = 2_500;

  private final ObjectStore store;
  private final Supplier<ObjectStore> tidyUp;
  private final String key;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[64 * 1024];
  private int filled;
  private @Nullable String uploadId;
  private boolean closed;
  private boolean failed;

  /**
   * A stream into the object of that key; it closes the store when it is closed or given up.
   *
   * @param tidyUp opens the same place to end an upload there, although the work was cancelled
   */
  public ObjectWriter(ObjectStore store, Supplier<ObjectStore> tidyUp, String key) {
    this.store = store;
    this.tidyUp = tidyUp;
    this.key = key;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw new IOException("the stream is closed");
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      int limit = partSize();
      if (filled == limit) {
        sendPart();
      }
      grow(Math.min(limit, filled + left), limit);
      int taken = Math.min(left, buffer.length - filled);
      System.arraycopy(bytes, from, buffer, filled, taken);
      filled += taken;
      from += taken;
      left -= taken;
    }
  }

  /** Buffers begin small: most files of a snapshot are. */
  private void grow(int needed, int limit) {
    if (buffer.length < needed) {
      buffer = Arrays.copyOf(buffer, Math.min(limit, Math.max(needed, 2 * buffer.length)));
    }
  }

  private int partSize() {
    return FIRST_PART << Math.min(3, parts.size() / PARTS_OF_A_SIZE);
  }

  private void sendPart() {
    failed = true;
    if (uploadId == null) {
      uploadId =
          store
              .call(
                  "begin an upload to " + store.uri(key),
                  s3 -> s3.createMultipartUpload(create -> create.bucket(store.bucket()).key(key)))
              .uploadId();
    }
    String upload = uploadId;
    int number = parts.size() + 1;
    byte[] part = Arrays.copyOf(buffer, filled);
    String etag =
        store
            .call(
                "write part %d of %s".formatted(number, store.uri(key)),
                s3 ->
                    s3.uploadPart(
                        put ->
                            put.bucket(store.bucket())
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentMD5(md5(part)),
                        WholeObjectCopy.bodyOf(part)))
            .eTag();
    parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    filled = 0;
    failed = false;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (store) {
      if (failed) {
        abort();
      } else {
        finish();
      }
    }
  }

  @Override
  public void abandon() {
    if (closed) {
      return;
    }
    closed = true;
    buffer = new byte[0];
    try (store) {
      abort();
    }
  }

  private void finish() {
    String upload = uploadId;
    if (upload == null) {
      putWhole();
      return;
    }
    try {
      if (filled > 0) {
        sendPart();
      }
      var unused =
          store.call(
              "complete the upload to " + store.uri(key),
              s3 ->
                  s3.completeMultipartUpload(
                      complete ->
                          complete
                              .bucket(store.bucket())
                              .key(key)
                              .uploadId(upload)
                              .multipartUpload(all -> all.parts(parts))));
    } catch (MigrationException e) {
      abort();
      throw e;
    }
  }

  private void putWhole() {
    byte[] whole = Arrays.copyOf(buffer, filled);
    var unused =
        store.call(
            "write " + store.uri(key),
            s3 ->
                s3.putObject(
                    put -> put.bucket(store.bucket()).key(key).contentMD5(md5(whole)),
                    WholeObjectCopy.bodyOf(whole)));
  }

  /** Frees the parts; the failure that led here is the one to tell. */
  private void abort() {
    String upload = uploadId;
    if (upload == null) {
      return;
    }
    // the client sends nothing for an interrupted thread
    boolean interrupted = Thread.interrupted();
    try (ObjectStore ownClient = tidyUp.get()) {
      new UploadsInProgress(ownClient).abort(key, upload);
    } catch (MigrationException e) {
      log.warn("left an upload to {} in progress", store.uri(key), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String md5(byte[] bytes) {
    return Base64.getEncoder().encodeToString(Digests.md5().digest(bytes));
  }
}

package com.matih.tenantmigration.activities.objectstorage.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The multipart uploads below a store's prefix that were begun and neither completed nor aborted.
 */
public final class UploadsInProgress {

  /** How many are looked at: more are a bucket that needs cleaning first. */
  public static final int MOST = 1000;

  private final ObjectStore store;

  public UploadsInProgress(ObjectStore store) {
    this.store = store;
  }

  /** At most {@link #MOST}; none where the server does not list uploads. */
  public List<String> ids() {
    return list().stream().map(MultipartUpload::uploadId).toList();
  }

  /**
   * Ends every upload but those: its parts are freed, and who still writes to it fails.
   *
   * @return how many were ended
   */
  public int abortAllBut(Set<String> keep) {
    int aborted = 0;
    for (MultipartUpload upload : list()) {
      if (!keep.contains(upload.uploadId())) {
        abort(upload.key(), upload.uploadId());
        aborted++;
      }
    }
    return aborted;
  }

  /** Ends an upload; one that has ended already is fine. */
  public void abort(String key, String uploadId) {
    String attempted = "abort an upload to " + store.uri(key);
    try {
      var unused =
          store.ask(
              attempted,
              s3 ->
                  s3.abortMultipartUpload(
                      abort -> abort.bucket(store.bucket()).key(key).uploadId(uploadId)));
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        throw ObjectStorageFailures.translate(attempted, e);
      }
    }
  }

  private List<MultipartUpload> list() {
    List<MultipartUpload> uploads = new ArrayList<>();
    String attempted = "list the uploads below " + store.location().uri();
    try {
      ListMultipartUploadsResponse page = page(attempted, null, null);
      uploads.addAll(page.uploads());
      while (Boolean.TRUE.equals(page.isTruncated()) && uploads.size() < MOST) {
        page = page(attempted, page.nextKeyMarker(), page.nextUploadIdMarker());
        uploads.addAll(page.uploads());
      }
    } catch (S3Exception e) {
      if (!ObjectStorageFailures.isNotImplemented(e)) {
        throw ObjectStorageFailures.translate(attempted, e);
      }
    }
    return uploads;
  }

  private ListMultipartUploadsResponse page(
      String attempted, @Nullable String keyMarker, @Nullable String uploadIdMarker) {
    return store.ask(
        attempted,
        s3 ->
            s3.listMultipartUploads(
                list ->
                    list.bucket(store.bucket())
                        .prefix(store.prefix())
                        .encodingType(EncodingType.URL)
                        .keyMarker(keyMarker)
                        .uploadIdMarker(uploadIdMarker)));
  }
}

package com.matih.tenantmigration.activities.objectstorage.copy;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.content.BucketTraits;
import com.matih.tenantmigration.activities.objectstorage.content.MemoryBudget;
import com.matih.tenantmigration.activities.objectstorage.content.ObjectAttributes;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.activities.objectstorage.content.ReadBack;
import com.matih.tenantmigration.activities.objectstorage.content.ServerSideCopy;
import com.matih.tenantmigration.activities.objectstorage.content.SourceReader;
import com.matih.tenantmigration.activities.objectstorage.content.TagCopy;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Copies one large object in parts, by the server itself where that can be, on as many threads as
 * call {@link #copyPart}. Whoever comes first begins the upload, whoever finishes last completes
 * it; until then the target shows nothing.
 */
public final class PartedObjectCopy {

  private final TenantObjects objects;
  private final MemoryBudget budget;
  private final OpenUploads uploads;
  private final ObjectEntry object;
  private final String key;
  private final PartLayout layout;
  private final SourceReader reader;
  private final ServerSideCopy byServer;
  private final AtomicReferenceArray<WrittenPart> written;
  private final AtomicInteger missing;
  private @Nullable String uploadId;
  private volatile String etag = "";

  public PartedObjectCopy(
      TenantObjects objects, MemoryBudget budget, OpenUploads uploads, ObjectEntry object) {
    this.objects = objects;
    this.budget = budget;
    this.uploads = uploads;
    this.object = object;
    this.key = objects.targetKey(object);
    this.layout = PartLayout.of(object);
    this.reader = new SourceReader(objects.source());
    this.byServer = new ServerSideCopy(objects);
    this.written = new AtomicReferenceArray<>(layout.parts());
    this.missing = new AtomicInteger(layout.parts());
  }

  /**
   * A part that the target has.
   *
   * @param etag as the target answered it
   * @param md5 of what was read, in hexadecimal
   * @param sha256 the same; empty where the server copied the part itself
   */
  private record WrittenPart(String etag, String md5, String sha256) {}

  public int parts() {
    return layout.parts();
  }

  /** The ETag that the target gave the object; to be asked when it is complete. */
  public String etag() {
    return etag;
  }

  /** Ends the upload of an object that is not to be completed. */
  public void abandon() {
    String upload = uploadOnce();
    if (upload != null) {
      new UploadsInProgress(objects.target()).abort(key, upload);
      uploads.ended(upload);
    }
  }

  private synchronized @Nullable String uploadOnce() {
    return uploadId;
  }

  /**
   * Copies one part, counted from 0.
   *
   * @return whether this was the last one and the object is complete
   */
  public boolean copyPart(int index) {
    String upload = beginOnce();
    PartLayout.Part part = layout.part(index);
    WorkScope.current().readShared(part.size());
    written.set(index, copiedByServer(part, upload).orElseGet(() -> readAndSend(part, upload)));
    if (missing.decrementAndGet() > 0) {
      return false;
    }
    complete(upload);
    new TagCopy(objects).copy(object);
    return true;
  }

  private Optional<WrittenPart> copiedByServer(PartLayout.Part part, String upload) {
    return byServer
        .copyPart(object, part, upload)
        .map(etag -> new WrittenPart(etag, ETags.bare(etag), ""));
  }

  private WrittenPart readAndSend(PartLayout.Part part, String upload) {
    try (MemoryBudget.Lease room = budget.take(part.size())) {
      byte[] bytes = reader.readPart(object, part).bytes();
      byte[] md5 = Digests.md5().digest(bytes);
      String etag = send(upload, part, bytes, md5);
      return new WrittenPart(etag, ETags.ofWhole(md5), Digests.sha256(bytes));
    }
  }

  private synchronized String beginOnce() {
    String known = uploadId;
    if (known != null) {
      return known;
    }
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(objects.target().bucket()).key(key);
    HeadObjectResponse head = reader.head(object);
    ObjectAttributes.of(objects.source().uri(object.key()), head).applyTo(request);
    BucketTraits traits = BucketTraits.of(head).keptIn(objects.target());
    traits.lock().applyTo(request);
    String attempted = "begin an upload to " + objects.target().uri(key) + traits.lock().inWords();
    String begun =
        objects
            .target()
            .inClass(
                traits.storageClass(),
                storageClass ->
                    objects
                        .target()
                        .call(
                            attempted,
                            s3 ->
                                s3.createMultipartUpload(
                                    request.storageClass(storageClass).build())))
            .uploadId();
    uploads.begun(begun, key);
    uploadId = begun;
    return begun;
  }

  private String send(String upload, PartLayout.Part part, byte[] bytes, byte[] md5) {
    String attempted = "write part %d of %s".formatted(part.number(), objects.target().uri(key));
    try {
      return objects
          .target()
          .ask(
              attempted,
              s3 ->
                  s3.uploadPart(
                      put ->
                          put.bucket(objects.target().bucket())
                              .key(key)
                              .uploadId(upload)
                              .partNumber(part.number())
                              .contentMD5(Base64.getEncoder().encodeToString(md5)),
                      WholeObjectCopy.bodyOf(bytes)))
          .eTag();
    } catch (S3Exception e) {
      throw ObjectStorageFailures.hasCode(e, "NoSuchUpload")
          ? superseded(e)
          : ObjectStorageFailures.translate(attempted, e);
    }
  }

  private void complete(String upload) {
    List<CompletedPart> parts = new ArrayList<>();
    List<String> md5s = new ArrayList<>();
    for (int index = 0; index < layout.parts(); index++) {
      WrittenPart part = written.get(index);
      parts.add(CompletedPart.builder().partNumber(index + 1).eTag(part.etag()).build());
      md5s.add(part.md5());
    }
    boolean answered = sendCompletion(upload, parts);
    uploads.ended(upload);
    HeadObjectResponse now = objects.target().head(key);
    etag = now.eTag() == null ? "" : now.eTag();
    boolean proven =
        now.contentLength() == object.size() && ETags.same(now.eTag(), ETags.ofParts(md5s));
    if (!proven && !answered) {
      throw superseded(null);
    }
    if (!proven) {
      new ReadBack(objects.target()).requireParts(key, layout, sha256s(), budget);
    }
  }

  /** Reads what the server copied itself, which is rare: its ETags proved nothing. */
  private List<String> sha256s() {
    List<String> digests = new ArrayList<>();
    for (int index = 0; index < layout.parts(); index++) {
      String known = written.get(index).sha256();
      digests.add(known.isEmpty() ? sha256OfSource(layout.part(index)) : known);
    }
    return digests;
  }

  private String sha256OfSource(PartLayout.Part part) {
    try (MemoryBudget.Lease room = budget.take(part.size())) {
      return Digests.sha256(reader.readPart(object, part).bytes());
    }
  }

  /**
   * Completes the upload.
   *
   * @return false where there is no such upload any more: an earlier try of the client, whose
   *     answer was lost, has completed it, or somebody else has ended it
   */
  private boolean sendCompletion(String upload, List<CompletedPart> parts) {
    String attempted = "complete the upload to " + objects.target().uri(key);
    try {
      var unused =
          DurableAct.WRITE_OBJECT.call(
              () ->
                  objects
                      .target()
                      .ask(
                          attempted,
                          s3 ->
                              s3.completeMultipartUpload(
                                  complete ->
                                      complete
                                          .bucket(objects.target().bucket())
                                          .key(key)
                                          .uploadId(upload)
                                          .multipartUpload(all -> all.parts(parts)))));
      return true;
    } catch (S3Exception e) {
      if (ObjectStorageFailures.hasCode(e, "NoSuchUpload")) {
        return false;
      }
      throw ObjectStorageFailures.translate(attempted, e);
    }
  }

  private MigrationException superseded(@Nullable S3Exception e) {
    return new MigrationException(
        FailureType.WRITER_SUPERSEDED,
        "The upload to %s was ended by somebody else, such as a newer attempt of this copy or the"
                .formatted(objects.target().uri(key))
            + " rollback.",
        e);
  }
}

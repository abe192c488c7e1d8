package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.TaggingDirective;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * Has a server copy within itself, so that no content passes the worker: where both places are on
 * one server, and the target's user may read the source.
 *
 * <p>A copy counts only if its ETag is the source's, or, of a part, may be an MD5. Where the server
 * refuses, does not know the request, or answers another ETag, as with a key of KMS, nothing is
 * copied like this any more, and the content is read and written instead.
 */
public final class ServerSideCopy {

  private static final Logger log = LoggerFactory.getLogger(ServerSideCopy.class);

  private static final int CHANGED = 412;
  private static final int SERVER_ERROR = 500;

  private final TenantObjects objects;
  private final SourceReader reader;
  private volatile boolean isPossible;

  public ServerSideCopy(TenantObjects objects) {
    this.objects = objects;
    this.reader = new SourceReader(objects.source());
    this.isPossible = objects.areOnOneServer();
  }

  /**
   * Copies an object with its attributes, without its tags.
   *
   * @return the ETag that the target gave it; empty where it is to be read and written
   */
  Optional<String> copy(ObjectEntry object) {
    if (!isPossible || !ETags.isOfWhole(object.etag())) {
      return Optional.empty();
    }
    HeadObjectResponse attributes = reader.head(object);
    CopyObjectRequest.Builder request =
        CopyObjectRequest.builder()
            .sourceBucket(objects.source().bucket())
            .sourceKey(object.key())
            .copySourceIfMatch(object.etag())
            .destinationBucket(objects.target().bucket())
            .destinationKey(objects.targetKey(object))
            .metadataDirective(MetadataDirective.COPY)
            .taggingDirective(TaggingDirective.REPLACE)
            // which no server copies by itself
            .websiteRedirectLocation(attributes.websiteRedirectLocation());
    BucketTraits traits = BucketTraits.of(attributes).keptIn(objects.target());
    traits.lock().applyTo(request);
    return DurableAct.WRITE_OBJECT
        .call(
            () ->
                ask(
                    object,
                    attempted ->
                        objects
                            .target()
                            .inClass(
                                traits.storageClass(),
                                storageClass ->
                                    objects
                                        .target()
                                        .ask(
                                            attempted,
                                            s3 ->
                                                s3.copyObject(
                                                    request.storageClass(storageClass).build())))))
        .map(CopyObjectResponse::copyObjectResult)
        .map(result -> result.eTag())
        .filter(etag -> isProof(ETags.same(etag, object.etag())));
  }

  /**
   * Copies a part into an upload.
   *
   * @return the part's ETag; empty where it is to be read and written
   */
  public Optional<String> copyPart(ObjectEntry object, PartLayout.Part part, String upload) {
    if (!isPossible || object.etag().isEmpty()) {
      return Optional.empty();
    }
    UploadPartCopyRequest request =
        UploadPartCopyRequest.builder()
            .sourceBucket(objects.source().bucket())
            .sourceKey(object.key())
            .copySourceIfMatch(object.etag())
            .copySourceRange(part.range())
            .destinationBucket(objects.target().bucket())
            .destinationKey(objects.targetKey(object))
            .uploadId(upload)
            .partNumber(part.number())
            .build();
    return ask(
            object, attempted -> objects.target().ask(attempted, s3 -> s3.uploadPartCopy(request)))
        .map(UploadPartCopyResponse::copyPartResult)
        .map(result -> result.eTag())
        .filter(etag -> isProof(ETags.isOfWhole(etag)));
  }

  private boolean isProof(boolean proves) {
    if (!proves) {
      giveUp("the server's copies have other ETags");
    }
    return proves;
  }

  /** Asks the server; what the request is given says what is attempted. */
  private <T> Optional<T> ask(ObjectEntry object, Function<String, T> request) {
    String attempted =
        "copy %s to %s"
            .formatted(
                objects.source().uri(object.key()),
                objects.target().uri(objects.targetKey(object)));
    try {
      return Optional.of(request.apply(attempted));
    } catch (S3Exception e) {
      if (ObjectStorageFailures.hasCode(e, "NoSuchUpload")) {
        return Optional.empty(); // which who writes the part will be told, too
      }
      if (e.statusCode() == CHANGED || SourceReader.isGone(e)) {
        throw reader.changed(object, e);
      }
      if (mayPass(e)) {
        throw ObjectStorageFailures.translate(attempted, e);
      }
      giveUp("the server does not do it: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean mayPass(S3Exception e) {
    return e.statusCode() >= SERVER_ERROR && !ObjectStorageFailures.isNotImplemented(e);
  }

  private void giveUp(String why) {
    if (isPossible) {
      isPossible = false;
      log.info(
          "{} is read and written, not copied by the server: {}",
          objects.source().location().uri(),
          why);
    }
  }
}

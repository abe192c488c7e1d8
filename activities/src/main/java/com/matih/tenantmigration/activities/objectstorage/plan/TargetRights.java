package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.content.WholeObjectCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Asks for the rights that a migration needs in an existing bucket of the dedicated side. S3 has no
 * request for that, but it looks at rights first: a request about what does not exist changes
 * nothing, and is denied only where the right is missing.
 */
final class TargetRights {

  private final ObjectStore target;
  private final String key;
  private final List<String> missing = new ArrayList<>();

  private TargetRights(ObjectStore target) {
    this.target = target;
    this.key = target.prefix() + "tenant-migration-" + UUID.randomUUID();
  }

  /** Refuses what is missing. */
  static void check(ObjectStore target, OldVersions.Versioning versioning, PlanNotes notes) {
    TargetRights rights = new TargetRights(target);
    rights.ask("s3:GetObject", rights::get);
    rights.ask("s3:GetObjectTagging", rights::getTags);
    rights.ask("s3:PutObject", rights::putPart);
    rights.ask("s3:AbortMultipartUpload", rights::abort);
    rights.ask("s3:PutObjectTagging", rights::putTags);
    if (versioning.status() == null && !versioning.isHidden()) {
      // elsewhere it would leave a delete marker
      rights.ask("s3:DeleteObject", rights::delete);
    }
    if (!rights.missing.isEmpty()) {
      notes.refuse(
          target.location().uri(),
          "The target's access key lacks rights to the dedicated bucket: %s."
              .formatted(String.join(", ", rights.missing)),
          "Grant them to the access key, or name another one.");
    }
  }

  private void ask(String right, Function<S3Client, ?> request) {
    try {
      var unused = target.ask("look for the right " + right, request::apply);
    } catch (S3Exception e) {
      if (ObjectStorageFailures.isDenied(e)) {
        missing.add(right);
      }
    }
  }

  private Object get(S3Client s3) {
    return s3.headObject(get -> get.bucket(target.bucket()).key(key));
  }

  private Object getTags(S3Client s3) {
    return s3.getObjectTagging(get -> get.bucket(target.bucket()).key(key));
  }

  private Object putPart(S3Client s3) {
    return s3.uploadPart(
        put ->
            put.bucket(target.bucket())
                .key(key)
                .uploadId(UUID.randomUUID().toString())
                .partNumber(1),
        WholeObjectCopy.bodyOf(new byte[1]));
  }

  private Object abort(S3Client s3) {
    return s3.abortMultipartUpload(
        abort -> abort.bucket(target.bucket()).key(key).uploadId(UUID.randomUUID().toString()));
  }

  private Object putTags(S3Client s3) {
    Tag tag = Tag.builder().key("tenant-migration").value("").build();
    return s3.putObjectTagging(
        put -> put.bucket(target.bucket()).key(key).tagging(tags -> tags.tagSet(tag)));
  }

  private Object delete(S3Client s3) {
    return s3.deleteObject(delete -> delete.bucket(target.bucket()).key(key));
  }
}

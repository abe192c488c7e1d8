package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.objectstorage.client.ETags;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.TenantObjects;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Copies an object in one piece, by the server itself where that can be. Else the MD5 of what was
 * read goes with the write, so that the target's server refuses what arrives damaged, and is
 * compared with the ETag that it answers.
 */
public final class WholeObjectCopy {

  private final TenantObjects objects;
  private final SourceReader reader;
  private final MemoryBudget budget;
  private final TagCopy tags;
  private final ReadBack readBack;
  private final ServerSideCopy byServer;
  private volatile boolean etagsTellNothing;

  public WholeObjectCopy(TenantObjects objects, MemoryBudget budget) {
    this.objects = objects;
    this.reader = new SourceReader(objects.source());
    this.budget = budget;
    this.tags = new TagCopy(objects);
    this.readBack = new ReadBack(objects.target());
    this.byServer = new ServerSideCopy(objects);
  }

  /**
   * Copies the object.
   *
   * @return the ETag that the target gave it
   */
  public String copy(ObjectEntry object) {
    WorkScope.current().readShared(object.size());
    String etag = byServer.copy(object).orElseGet(() -> readAndWrite(object));
    tags.copy(object);
    return etag;
  }

  private String readAndWrite(ObjectEntry object) {
    PutObjectResponse written;
    try (MemoryBudget.Lease room = budget.take((int) object.size())) {
      SourceReader.Content content = read(object);
      byte[] md5 = Digests.md5().digest(content.bytes());
      String key = objects.targetKey(object);
      written = put(object, key, content, md5);
      if (!ETags.same(written.eTag(), ETags.ofWhole(md5))) {
        readBack.requireWhole(key, object.size(), Digests.sha256(content.bytes()));
      }
    }
    return written.eTag() == null ? "" : written.eTag();
  }

  /**
   * Reads the object, and once more where its ETag looks like the MD5 of something else: the
   * content was damaged on the way, or the ETag means something else, which the same content tells.
   */
  private SourceReader.Content read(ObjectEntry object) {
    SourceReader.Content first = reader.readWhole(object);
    String md5 = ETags.ofWhole(Digests.md5().digest(first.bytes()));
    if (etagsTellNothing
        || !ETags.isOfWhole(object.etag())
        || ETags.same(object.etag(), md5)
        || isOfAnotherKind(first.object().serverSideEncryption())) {
      return first;
    }
    SourceReader.Content second = reader.readWhole(object);
    String again = ETags.ofWhole(Digests.md5().digest(second.bytes()));
    if (ETags.same(object.etag(), again)) {
      return second;
    }
    if (!again.equals(md5)) {
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "%s was read twice with different content. It is retried; check the network and the server."
              .formatted(objects.source().uri(object.key())));
    }
    etagsTellNothing = true;
    return second;
  }

  /** An ETag is no MD5 where a key of KMS or of the customer's encrypts. */
  private static boolean isOfAnotherKind(@Nullable ServerSideEncryption encryption) {
    return encryption != null && encryption != ServerSideEncryption.AES256;
  }

  private PutObjectResponse put(
      ObjectEntry object, String key, SourceReader.Content content, byte[] md5) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(objects.target().bucket())
            .key(key)
            .contentMD5(Base64.getEncoder().encodeToString(md5));
    ObjectAttributes.of(objects.source().uri(object.key()), content.object()).applyTo(request);
    BucketTraits traits = BucketTraits.of(content.object()).keptIn(objects.target());
    traits.lock().applyTo(request);
    String attempted = "write " + objects.target().uri(key) + traits.lock().inWords();
    return DurableAct.WRITE_OBJECT.call(
        () ->
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
                                    s3.putObject(
                                        request.storageClass(storageClass).build(),
                                        bodyOf(content.bytes())))));
  }

  /** A body that the client reads again when it repeats a request, without a copy of the bytes. */
  public static RequestBody bodyOf(byte[] bytes) {
    return RequestBody.fromContentProvider(
        ContentStreamProvider.fromByteArrayUnsafe(bytes), bytes.length, "application/octet-stream");
  }
}

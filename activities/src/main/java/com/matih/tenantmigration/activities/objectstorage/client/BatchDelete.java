package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes up to 1,000 objects with one request. Keys that XML cannot carry go one by one; deleting
 * what is gone already is fine.
 */
public final class BatchDelete {

  private final ObjectStore store;

  public BatchDelete(ObjectStore store) {
    this.store = store;
  }

  public void delete(List<String> keys) {
    List<ObjectIdentifier> batch = new ArrayList<>();
    for (String key : keys) {
      if (fitsXml(key)) {
        batch.add(ObjectIdentifier.builder().key(key).build());
      } else {
        var unused =
            store.call(
                "delete " + store.uri(key),
                s3 -> s3.deleteObject(delete -> delete.bucket(store.bucket()).key(key)));
      }
    }
    if (!batch.isEmpty()) {
      deleteTogether(batch);
    }
  }

  private void deleteTogether(List<ObjectIdentifier> batch) {
    List<S3Error> errors =
        DurableAct.DELETE_OBJECTS
            .call(
                () ->
                    store.call(
                        "delete objects of bucket " + store.bucket(),
                        s3 ->
                            s3.deleteObjects(
                                delete ->
                                    delete
                                        .bucket(store.bucket())
                                        .delete(
                                            Delete.builder().objects(batch).quiet(true).build()))))
            .errors();
    if (!errors.isEmpty()) {
      S3Error first = errors.get(0);
      throw new MigrationException(
          S3Errors.typeOf(200, String.valueOf(first.code())) == FailureType.PERMISSION_DENIED
              ? FailureType.PERMISSION_DENIED
              : FailureType.STORE_ERROR,
          "Could not delete %s and %d more: the server answered %s. Check the rights of the target's"
                  .formatted(store.uri(first.key()), errors.size() - 1, first.code())
              + " access key.");
    }
  }

  /** Whether XML 1.0 can carry the key unchanged; line ends and the like would be normalized. */
  static boolean fitsXml(String key) {
    return key.codePoints()
        .allMatch(
            point ->
                point >= 0x20
                    && !(point >= 0x7f && point <= 0x9f)
                    && point != 0x2028
                    && point != 0xfffe
                    && point != 0xffff);
  }
}

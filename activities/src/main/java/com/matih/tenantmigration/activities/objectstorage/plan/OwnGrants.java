package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStorageFailures;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Counts objects whose access list lets others than their owner in. */
final class OwnGrants {

  private static final Logger log = LoggerFactory.getLogger(OwnGrants.class);

  private final ObjectStore source;
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong looked = new AtomicLong();
  private volatile boolean silent;
  private volatile boolean hidden;

  OwnGrants(ObjectStore source) {
    this.source = source;
  }

  void lookAt(ObjectEntry object) {
    if (silent) {
      return;
    }
    try {
      GetObjectAclResponse answer =
          source.ask(
              "read the access list of " + source.uri(object.key()),
              s3 -> s3.getObjectAcl(get -> get.bucket(source.bucket()).key(object.key())));
      looked.incrementAndGet();
      if (answer.grants().stream().anyMatch(grant -> !isOwners(grant, answer))) {
        found.incrementAndGet();
      }
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        // a bucket without access lists, a server that knows none, or a key without this right
        log.info("access lists of bucket {} cannot be read", source.bucket(), e);
        silent = true;
        hidden = ObjectStorageFailures.isDenied(e);
      }
    }
  }

  private static boolean isOwners(Grant grant, GetObjectAclResponse answer) {
    return grant.grantee() == null
        || answer.owner() == null
        || (grant.grantee().uri() == null
            && Objects.equals(grant.grantee().id(), answer.owner().id()));
  }

  long count() {
    return found.get();
  }

  /** How many access lists were read. */
  long looked() {
    return looked.get();
  }

  /** Whether the key may not read access lists. */
  boolean areHidden() {
    return hidden;
  }
}

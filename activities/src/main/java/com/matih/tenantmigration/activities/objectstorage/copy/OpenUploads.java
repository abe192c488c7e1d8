package com.matih.tenantmigration.activities.objectstorage.copy;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uploads that one run of the copy has begun; those that it did not complete are aborted when
 * it ends.
 */
public final class OpenUploads implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OpenUploads.class);

  private final ObjectStore target;
  private final Map<String, String> keys = new ConcurrentHashMap<>();

  public OpenUploads(ObjectStore target) {
    this.target = target;
  }

  void begun(String uploadId, String key) {
    keys.put(uploadId, key);
  }

  void ended(String uploadId) {
    keys.remove(uploadId);
  }

  @Override
  public void close() {
    // the client sends nothing for an interrupted thread
    boolean interrupted = Thread.interrupted();
    keys.forEach(this::abort);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort(String uploadId, String key) {
    try {
      new UploadsInProgress(target).abort(key, uploadId);
    } catch (MigrationException e) {
      log.warn(
          "left an upload to {} in progress; the next attempt or the rollback aborts it",
          target.uri(key),
          e);
    }
  }
}

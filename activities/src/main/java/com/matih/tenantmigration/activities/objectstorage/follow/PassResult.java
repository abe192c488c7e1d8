package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.workflow.report.StoresSummary;
import java.time.Duration;

/**
 * What a pass found and did.
 *
 * @param objects how many objects the source listed
 * @param bytes how large they are together
 * @param changes how many were copied, deleted, or changed again while they were copied
 */
record PassResult(long objects, long bytes, long changes, Duration took) {

  StoresSummary.ObjectStorage summary() {
    return new StoresSummary.ObjectStorage(objects, bytes);
  }
}

package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.ListingComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** There are as many objects on both sides, under the same names. */
public final class ObjectCountCheck implements Check {

  private final ListingComparison comparison;

  public ObjectCountCheck(ObjectStores stores) {
    this.comparison = new ListingComparison(stores);
  }

  @Override
  public CheckName name() {
    return CheckName.OBJECT_COUNT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compareCounts(context, monitor);
  }
}

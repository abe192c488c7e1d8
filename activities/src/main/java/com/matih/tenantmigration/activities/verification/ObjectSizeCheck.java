package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.ListingComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Every object has the same size on both sides, and so have all together. */
public final class ObjectSizeCheck implements Check {

  private final ListingComparison comparison;

  public ObjectSizeCheck(ObjectStores stores) {
    this.comparison = new ListingComparison(stores);
  }

  @Override
  public CheckName name() {
    return CheckName.OBJECT_SIZE;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compareSizes(context, monitor);
  }
}

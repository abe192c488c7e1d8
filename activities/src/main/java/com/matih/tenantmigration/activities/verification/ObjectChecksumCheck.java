package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Every object has the same content, headers, user metadata and tags on both sides. */
public final class ObjectChecksumCheck implements Check {

  private final ObjectContentComparison comparison;

  public ObjectChecksumCheck(ObjectStores stores) {
    this.comparison = new ObjectContentComparison(stores);
  }

  @Override
  public CheckName name() {
    return CheckName.OBJECT_CHECKSUM;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compare(context, monitor);
  }
}

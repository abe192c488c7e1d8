package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * STORAGE_REFERENCES: every storage reference points into the dedicated storage, at an object that
 * exists. It counts references.
 */
public final class StorageReferencesCheck implements Check {

  private final DedicatedReferences references;

  public StorageReferencesCheck(DedicatedReferences references) {
    this.references = references;
  }

  @Override
  public CheckName name() {
    return CheckName.STORAGE_REFERENCES;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return references.follow(context, monitor);
  }
}

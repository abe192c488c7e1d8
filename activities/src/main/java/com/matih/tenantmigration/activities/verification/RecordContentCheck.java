package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * RECORD_CONTENT: every retained record of the tenant is on the dedicated topic, in order and
 * unchanged, and the groups stand where they stood. It counts records.
 */
public final class RecordContentCheck implements Check {

  private final RecordComparison comparison;

  public RecordContentCheck(SecretResolver secrets, MigrationJournal journal) {
    this.comparison = new RecordComparison(secrets, journal);
  }

  @Override
  public CheckName name() {
    return CheckName.RECORD_CONTENT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compare(context, monitor);
  }
}

package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentComparison;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/**
 * Every document of the tenant is the same in both indices, and the dedicated one has no others.
 */
public final class DocumentContentCheck implements Check {

  private final DocumentComparison comparison;

  public DocumentContentCheck(SecretResolver secrets) {
    this.comparison = new DocumentComparison(secrets);
  }

  @Override
  public CheckName name() {
    return CheckName.DOCUMENT_CONTENT;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return comparison.compare(context, monitor);
  }
}

package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentComparison;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;

/** Compares the tenant's documents, in the way that fits whether the tenant writes meanwhile. */
public final class DocumentContentCheck {

  private final DocumentComparison ofReadOnly;
  private final FollowedComparison whileFollowed;

  public DocumentContentCheck(SecretResolver secrets, MigrationJournal journal) {
    this.ofReadOnly = new DocumentComparison(secrets);
    this.whileFollowed = new FollowedComparison(new ElasticsearchClients(secrets), journal);
  }

  /** Not applicable where both sides are empty. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    return context.tenantWorks()
        ? whileFollowed.compare(context, monitor)
        : ofReadOnly.compare(context, monitor);
  }
}

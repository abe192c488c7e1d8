package com.matih.tenantmigration.benchmarks.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentComparison;
import com.matih.tenantmigration.activities.elasticsearch.copy.IndexCopier;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexProvisioner;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.benchmarks.stores.OwnEngines;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;

/** This program's copy of documents and its check, as the activities run them. */
final class DocumentEngines extends OwnEngines {

  private final StoreServers servers;
  private final SecretResolver secrets = SecretResolver.ofOperator(name -> null);
  private final ElasticsearchClients clients = new ElasticsearchClients(secrets);

  DocumentEngines(StoreServers servers) {
    this.servers = servers;
  }

  @Override
  protected MigrationContext prepare(String target) {
    MigrationContext context =
        OwnMigration.of(
            servers,
            """
            elasticsearch:
              source: {url: "%s"}
              target: {url: "%s"}
              indices: [{from: %s, to: %s, tenantField: tenant_id}]
            """
                .formatted(
                    servers.shared(ElasticsearchServer.class).url(),
                    servers.dedicated(ElasticsearchServer.class).url(),
                    ElasticsearchBench.SHARED_INDEX,
                    target));
    new IndexProvisioner(clients, servers.journal()).provision(context, MONITOR);
    return context;
  }

  @Override
  protected void copy(MigrationContext context) {
    var unused = new IndexCopier(clients, servers.journal()).copy(context, MONITOR);
  }

  @Override
  protected void check(MigrationContext context) {
    requirePassed(
        CheckName.DOCUMENT_CONTENT, new DocumentComparison(secrets).compare(context, MONITOR));
  }
}

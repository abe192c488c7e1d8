package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentComparison;
import com.matih.tenantmigration.activities.elasticsearch.copy.IndexCopier;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexProvisioner;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexRemover;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import org.junit.jupiter.api.BeforeEach;

/**
 * A shared index of a tenant and its neighbours, made anew for each test, and all that moves it.
 */
abstract class IndexLab {

  static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();

  final TestCluster shared = new TestCluster(TestServers.elasticsearch());
  final TestCluster dedicated = new TestCluster(TestServers.dedicatedElasticsearch());
  final SecretResolver secrets = TestSecrets.of(name -> null);
  final ElasticsearchClients clients = new ElasticsearchClients(secrets);
  final MigrationJournal journal = TestJournal.shared();
  final IndexProvisioner provisioner = new IndexProvisioner(clients, journal);
  final IndexCopier copier = new IndexCopier(clients, journal);
  final TestGuard guard = TestGuard.permitting();
  final IndexRemover remover = new IndexRemover(clients, journal, guard);
  final DocumentComparison comparison = new DocumentComparison(secrets);
  final String migrationId = TestJournal.newMigrationId();
  SharedIndex index;
  MigrationContext context;

  @BeforeEach
  void createSharedIndex() {
    index = SharedIndex.create(shared, dedicated);
    context = index.context(migrationId);
  }
}

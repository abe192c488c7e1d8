package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentContentCheck;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentDrain;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentFollower;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.documents.DocumentIndex;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** The steps of a move of documents while the tenant writes them. */
abstract class OnlineIndexLab extends IndexLab {

  static final String TENANT = SharedIndex.TENANT_KEY;
  static final String NEIGHBOUR = SharedIndex.FOREIGN_KEY;

  final DocumentFollower follower = new DocumentFollower(clients, journal);
  final DocumentDrain drain = new DocumentDrain(clients, journal);
  final DocumentContentCheck check = new DocumentContentCheck(secrets, journal);
  final ElasticsearchTenantLeak leak = new ElasticsearchTenantLeak(secrets);
  final ElasticsearchSourceQuiet quiet = new ElasticsearchSourceQuiet(secrets, journal);
  DocumentIndex source;
  DocumentIndex target;

  @BeforeEach
  void createIndexOfTheWorkload() {
    String name = "online-" + UUID.randomUUID().toString().substring(0, 8);
    source = new DocumentIndex(TestServers.elasticsearch().url(), "shared-" + name);
    target = new DocumentIndex(TestServers.dedicatedElasticsearch().url(), name);
    source.create(3);
    context = online(source.name(), target.name());
  }

  /** A migration of its own, whose tenant has stopped. */
  MigrationContext online(String from, String to) {
    String id = TestJournal.newMigrationId();
    MigrationContext offline =
        index.context(
            id, List.of(new ElasticsearchSpec.Index(from, to, "tenant_id")), dedicated.url());
    return new MigrationContext(
        id, offline.workflowId(), offline.runId(), offline.request().in(Mode.ONLINE));
  }

  void provision() {
    provisioner.provision(context, MONITOR);
  }

  void copy(ProgressMonitor monitor) {
    var unused = copier.copy(context.whileTenantWorks(), monitor);
  }

  void catchUp(ProgressMonitor monitor) {
    follower.follow(context.whileTenantWorks(), Following.UNTIL_CAUGHT_UP, monitor);
  }

  Finding verify(ProgressMonitor monitor) {
    return check.compare(context.whileTenantWorks(), monitor);
  }

  Drained drain(ProgressMonitor monitor) {
    return drain.drain(context, monitor);
  }

  /** The alias that the dedicated index is written through. */
  String aliases() {
    return dedicated.get("/" + target.name() + "/_alias").toString();
  }
}

package com.matih.tenantmigration.activities.kafka;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.compare.KafkaSourceQuiet;
import com.matih.tenantmigration.activities.kafka.compare.KafkaTenantLeak;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Mode;

/** The steps of a move of records while the tenant works, over the clusters of a fixture. */
final class OnlineRecords {

  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();

  /** What steps after the fence are given. */
  final MigrationContext context;

  private final KafkaFixture fixture;
  private final MigrationContext working;

  OnlineRecords(KafkaFixture fixture, MigrationContext offline) {
    this.fixture = fixture;
    this.context = online(offline);
    this.working = context.whileTenantWorks();
  }

  private static MigrationContext online(MigrationContext offline) {
    return new MigrationContext(
        offline.migrationId(),
        offline.workflowId(),
        offline.runId(),
        offline.request().in(Mode.ONLINE));
  }

  /** PROVISION and COPY. */
  StoresSummary copy() {
    fixture.migration.provision(context, MONITOR);
    return copy(MONITOR);
  }

  StoresSummary copy(ProgressMonitor monitor) {
    return fixture.migration.replay(working, monitor);
  }

  void catchUp() {
    follow(Following.UNTIL_CAUGHT_UP, MONITOR);
  }

  void follow(Following following, ProgressMonitor monitor) {
    fixture.migration.follow(working, following, monitor);
  }

  Finding verify() {
    return new RecordComparison(fixture.secrets, fixture.journal).compare(working, MONITOR);
  }

  Finding leak() {
    return new KafkaTenantLeak(fixture.secrets).findForeign(working, MONITOR);
  }

  Drained drain() {
    return drain(MONITOR);
  }

  Drained drain(ProgressMonitor monitor) {
    return fixture.migration.drain(context, monitor);
  }

  /** Whether the drain knows how far it goes. */
  boolean positionsAreRead() {
    return new TopicJournal(fixture.journal, fixture.id).positions(fixture.from).isPresent();
  }

  Finding quiet() {
    return new KafkaSourceQuiet(fixture.secrets, fixture.journal).findWrites(context, MONITOR);
  }
}

package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresSourceQuiet;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ownership.RowsUnderFence;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseWriteSwitch;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabase;
import com.matih.tenantmigration.activities.postgres.provision.DedicatedDatabaseRemoval;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/** All engines of PostgreSQL, in the order in which a migration runs them. */
public final class EngineChain {

  private final PostgresConnections connections;
  private final ClientPrograms programs;
  private final MigrationContext context;
  private final SnapshotStorage snapshot;
  private final MigrationJournal journal = TestJournal.shared();
  private final ProgressMonitor monitor = ProgressMonitor.unmonitored();
  private final WriteFence fence;
  private final DatabaseWriteSwitch writeSwitch;

  /**
   * A chain.
   *
   * @param folder of the snapshot
   */
  public EngineChain(
      PostgresConnections connections,
      ClientPrograms programs,
      MigrationContext context,
      Path folder) {
    this.connections = connections;
    this.programs = programs;
    this.context = context;
    this.snapshot = FileSnapshotStorage.at("file:" + folder.resolve(context.migrationId()));
    this.fence = new WriteFence(connections, journal);
    this.writeSwitch = new DatabaseWriteSwitch(connections, journal);
  }

  public PlanFindings plan() {
    return new PostgresPlanner(connections, programs, queries(), TestObjects.ALL)
        .plan(context, monitor);
  }

  /** From the provision to the sealed snapshot. */
  public void copy() throws SQLException {
    new DedicatedDatabase(connections, journal).provision(context, monitor);
    fence.raise(context, monitor);
    TenantTables tables = tables();
    new RowsUnderFence(connections).requireMovable(context, tables, monitor);
    new SnapshotTaker(connections, programs).take(context, tables, snapshot, monitor);
    new SchemaCreator(connections, programs, TestGuard.permitting())
        .create(context, snapshot, monitor);
    new RowCopier(connections, programs)
        .copy(context, tables().requireMovable(), snapshot, monitor);
    long epoch = new DatabaseFinisher(connections, programs).finish(context, snapshot, monitor);
    writeSwitch.refuseWrites(context, epoch);
    new SnapshotSealer(connections).seal(context, snapshot, monitor);
  }

  /** What each check finds. */
  public Map<CheckName, Finding> check() {
    Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);
    findings.putAll(
        new TableComparison(connections, anyContext -> snapshot).rows(context, monitor));
    findings.put(
        CheckName.TENANT_LEAK, new PostgresTenantLeak(connections).findForeign(context, monitor));
    findings.put(CheckName.QUERY_TEST, new QueryComparison(queries()).compare(context, monitor));
    findings.put(
        CheckName.SOURCE_QUIET,
        PostgresSourceQuiet.afterCutover(connections, fence).findWrites(context, monitor));
    return findings;
  }

  /** What the cutover and the phase after it do to the dedicated database. */
  public void open() {
    writeSwitch.openForWrites(context);
    Ledger.drop(DatabaseAccess.target(connections, context));
  }

  /** Lets the tenant write to the shared database and removes the dedicated one. */
  public RollbackStep rollBack(RemovalGuard guard) {
    var unused = fence.release(context);
    fence.remove(context, monitor);
    return new DedicatedDatabaseRemoval(connections, journal, guard).remove(context, "a test");
  }

  /** Where the snapshot lies. */
  public SnapshotStorage snapshot() {
    return snapshot;
  }

  private TenantTables tables() throws SQLException {
    try (Connection connection = DatabaseAccess.source(connections, context).open("tables")) {
      return TenantCatalog.read(connection, context.request());
    }
  }

  private QuerySessions queries() {
    return new QuerySessions(connections, null);
  }
}

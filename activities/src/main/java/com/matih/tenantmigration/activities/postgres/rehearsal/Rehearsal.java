package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseTemplate;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDump;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Builds the dedicated schema on trial, by the steps that build it later, while the tenant still
 * works: what the dedicated server refuses is a refusal of the plan, and no failure after the
 * fence.
 *
 * <p>It needs a {@link ScratchDatabase} there. Where none may be created, the plan says what was
 * not tried.
 */
public final class Rehearsal {

  private static final String OBJECT = "rehearsal";

  private static final String NOT_TRIED =
      "it was not tried whether the schema can be created on the dedicated server (tables,"
          + " functions, indexes, constraints, materialized views, extensions) and whether its"
          + " functions and expressions work there.";

  private final PostgresConnections connections;
  private final ClientPrograms programs;

  public Rehearsal(PostgresConnections connections, ClientPrograms programs) {
    this.connections = connections;
    this.programs = programs;
  }

  /**
   * Rehearses, unless the plan was asked not to.
   *
   * @param tables the tables that move, and what comes with them; empty where the plan has refused
   *     before it could know
   * @throws MigrationException where the plan was asked to stop, or is tried again; all else is a
   *     finding
   */
  public void rehearse(
      MigrationContext context,
      Optional<TenantTables> tables,
      PlanNotes findings,
      ProgressMonitor monitor) {
    if (context.noRehearsal()) {
      findings.warn(OBJECT, "was skipped as requested: " + NOT_TRIED);
    } else if (!findings.refusals().isEmpty() || tables.isEmpty()) {
      findings.warn(OBJECT, "waits until the blockers are removed: " + NOT_TRIED);
    } else {
      try {
        rehearseAllowed(context, tables.get(), findings, monitor);
      } catch (MigrationException e) {
        AskedToStop.rethrowUnlessFinding(e);
        findings.refuse(
            Refusal.of(
                StoreName.POSTGRES,
                OBJECT,
                e.getMessage(),
                "Repeat the plan once that is corrected, or leave the rehearsal out"
                    + " (plan --no-rehearsal)."));
      }
    }
  }

  private void rehearseAllowed(
      MigrationContext context, TenantTables tables, PlanNotes findings, ProgressMonitor monitor) {
    monitor.update(new Progress(0, -1, "", "rehearsing the schema"));
    TargetServer server = new TargetServer(connections, context);
    try (Connection maintenance = server.openMaintenance(ScratchDatabase.SESSION)) {
      if (!ScratchDatabase.mayCreate(maintenance)) {
        findings.warn(
            OBJECT,
            "needs a scratch database, which the target's user may not create (ALTER ROLE ..."
                + " CREATEDB): "
                + NOT_TRIED);
        return;
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("look at", "the target's server", e);
    }
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    String schema = context.spec(PostgresSpec.class).sourceSchema();
    Dumped dumped =
        source.read(
            ScratchDatabase.SESSION,
            "dump the schema of",
            schema,
            connection ->
                new Dumped(
                    DatabaseTemplate.read(connection),
                    SchemaDump.take(connection, source, tables, programs, monitor)));
    try (SchemaDump dump = dumped.dump();
        ScratchDatabase scratch =
            ScratchDatabase.create(context, connections, dumped.template(), monitor)) {
      DatabaseAccess database = SnapshotTaker.inSurroundings(scratch.access(), dump.taken());
      new SchemaTrial(context, dump, database, findings, monitor).run(source, tables.tables());
    }
  }

  /** What is read of the shared database in one transaction. */
  private record Dumped(DatabaseTemplate template, SchemaDump dump) {}
}

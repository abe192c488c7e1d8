package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Restores the schema without indexes, constraints and triggers into the dedicated database, under
 * its source's name.
 */
public final class SchemaCreator {

  private static final String STEP = "schema";

  private final PostgresConnections connections;
  private final ClientPrograms programs;
  private final RemovalGuard guard;

  public SchemaCreator(
      PostgresConnections connections, ClientPrograms programs, RemovalGuard guard) {
    this.connections = connections;
    this.programs = programs;
    this.guard = guard;
  }

  /** Creates the schema unless it is noted as created; what an earlier attempt left goes first. */
  public void create(MigrationContext context, SnapshotStorage storage, ProgressMonitor monitor) {
    DatabaseAccess plain = DatabaseAccess.target(connections, context);
    Optional<SnapshotPoint> toCreate =
        plain.read(
            "read ledger",
            "read the ledger of",
            "the dedicated database",
            connection ->
                Ledger.step(connection, STEP).isPresent()
                    ? Optional.empty()
                    : Optional.of(SnapshotTaker.taken(connection)));
    if (toCreate.isPresent()) {
      long epoch = Ledger.takeOver(plain, monitor.attempt());
      create(context, toCreate.get(), plain, epoch, storage, monitor);
    }
  }

  private void create(
      MigrationContext context,
      SnapshotPoint taken,
      DatabaseAccess plain,
      long epoch,
      SnapshotStorage storage,
      ProgressMonitor monitor) {
    DatabaseAccess target = SnapshotTaker.inSurroundings(plain, taken);
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String session = Ledger.writing(epoch, "schema");
    guard.beginAnew(
        context,
        "schema %s of the dedicated database".formatted(spec.sourceSchema()),
        () -> prepare(target, session, epoch, taken, spec));
    try (SchemaArchive archive =
        SchemaArchive.fetch(storage, taken, spec.sourceSchema(), programs)) {
      archive.restorePreData(target, session, () -> requireCurrent(target, epoch), monitor);
    }
    target.changeAtLength(
        session,
        "complete the tables of",
        spec.sourceSchema(),
        connection -> {
          var unused = TypeCasts.create(connection, taken.casts());
          LateChecks.drop(connection, taken.lateChecks());
          Ledger.requireCurrent(connection, epoch);
          Ledger.mark(connection, STEP, "");
        });
  }

  private static void prepare(
      DatabaseAccess target, String session, long epoch, SnapshotPoint taken, PostgresSpec spec) {
    String schema = spec.sourceSchema();
    AtomicBoolean isMore = new AtomicBoolean(true);
    while (isMore.get()) {
      target.changeAtLength(
          session,
          "empty the schema",
          schema,
          connection -> {
            Ledger.requireCurrent(connection, epoch);
            isMore.set(DedicatedSchema.dropSomeTables(connection, schema));
          });
    }
    target.changeAtLength(
        session,
        "prepare the schema",
        schema,
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          SharedSchemas.prepare(connection, schema, taken);
          TargetExtensions.create(connection, taken.extensions(), schema, spec.targetSchema());
        });
  }

  private static void requireCurrent(DatabaseAccess target, long epoch) {
    target.change(
        Ledger.writing(epoch, "ask"),
        "read the ledger of",
        "the dedicated database",
        connection -> Ledger.requireCurrent(connection, epoch));
  }
}

package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;

/**
 * Completes, when no change follows any more, the schema of a database that changes were carried
 * into: foreign keys, checks that are NOT VALID, triggers, rules and policies, sequences,
 * constraints that read other tables.
 *
 * <p>The archive names the source's schema, so the dedicated one has that name for the time of it.
 */
public final class FollowedSchema {

  private static final String DATABASE = "the dedicated database";

  private final DatabaseAccess target;
  private final SnapshotStorage storage;
  private final ClientPrograms programs;

  public FollowedSchema(DatabaseAccess target, SnapshotStorage storage, ClientPrograms programs) {
    this.target = target;
    this.storage = storage;
    this.programs = programs;
  }

  /** Gives the schema its own name where an earlier attempt at completing it was interrupted. */
  public void takeOwnName(MigrationContext context, long epoch) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    change(
        epoch,
        transaction -> {
          if (Sql.isTrue(
              transaction,
              "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)",
              spec.sourceSchema())) {
            DedicatedSchema.rename(transaction, spec.sourceSchema(), spec.targetSchema());
          }
        });
  }

  /**
   * Completes it; repeatable.
   *
   * @param point where the sequences stand
   * @param epoch the attempt's right to write
   */
  public void complete(
      MigrationContext context, SnapshotPoint point, long epoch, ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String source = spec.sourceSchema();
    String own = spec.targetSchema();
    String session = Ledger.writing(epoch, "late");
    change(epoch, transaction -> DedicatedSchema.rename(transaction, own, source));
    try (SchemaArchive archive = SchemaArchive.fetch(storage, point, source, programs)) {
      PostData.completeLate(archive, target, session, monitor);
    }
    for (DatabaseAccess.Action part : SharedSchemas.setSequences(source, point)) {
      change(epoch, part);
    }
    change(epoch, transaction -> LateChecks.addAll(transaction, point.lateChecks()));
    change(
        epoch,
        transaction -> MaterializedViews.refill(transaction, source, point.materializedViews()));
    change(epoch, transaction -> DedicatedSchema.rename(transaction, source, own));
  }

  private void change(long epoch, DatabaseAccess.Action action) {
    target.changeAtLength(
        Ledger.writing(epoch, "late"),
        "complete the schema of",
        DATABASE,
        transaction -> {
          action.in(transaction);
          Ledger.requireCurrent(transaction, epoch);
        });
  }
}

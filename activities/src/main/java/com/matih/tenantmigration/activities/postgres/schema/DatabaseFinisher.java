package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.BuiltIndexes;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.Steps;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceRewriter;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Makes a database out of copied rows: references, indexes and constraints, sequences, materialized
 * views, statistics, and last of all the schema's own name.
 *
 * <p>Each step is noted in the ledger when it is done, so another attempt goes on with the next.
 * Until the last step all stands under the source's name, because the archive's statements name it.
 */
public final class DatabaseFinisher {

  private final PostgresConnections connections;
  private final ClientPrograms programs;

  public DatabaseFinisher(PostgresConnections connections, ClientPrograms programs) {
    this.connections = connections;
    this.programs = programs;
  }

  /**
   * Does what is not done.
   *
   * @return the attempt's epoch
   */
  public long finish(MigrationContext context, SnapshotStorage storage, ProgressMonitor monitor) {
    DatabaseAccess target = SnapshotTaker.withSettings(DatabaseAccess.target(connections, context));
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String schema = spec.sourceSchema();
    long epoch = Ledger.takeOver(target, monitor.attempt());
    Attempt attempt = new Attempt(target, epoch, monitor);
    SnapshotPoint taken = SnapshotTaker.taken(target);

    attempt.step(
        "references",
        "rewrite the storage references of",
        connection -> StorageReferenceRewriter.rewrite(connection, context.request(), schema));
    attempt.buildPostData(storage, taken, schema, spec.parallelism());
    attempt.stepInParts(
        "sequences", "set the sequences of", SharedSchemas.setSequences(schema, taken));
    attempt.step(
        "late checks",
        "add the constraints that read other tables of",
        connection -> LateChecks.add(connection, taken.lateChecks()));
    attempt.step(
        "materialized views",
        "fill the materialized views of",
        connection -> MaterializedViews.refresh(connection, schema, taken.materializedViews()));
    attempt.gatherStatistics(schema, taken);
    attempt.step(
        "rename",
        "rename the schema of",
        connection -> DedicatedSchema.rename(connection, schema, spec.targetSchema()));
    return epoch;
  }

  /** One attempt at the steps. */
  private final class Attempt {

    private static final String POST_DATA = "post-data";

    private final DatabaseAccess target;
    private final long epoch;
    private final ProgressMonitor monitor;

    Attempt(DatabaseAccess target, long epoch, ProgressMonitor monitor) {
      this.target = target;
      this.epoch = epoch;
      this.monitor = monitor;
    }

    /** Does a step, unless it is done, in one transaction with the note that it is. */
    void step(String name, String doing, DatabaseAccess.Action action) {
      monitor.throwIfCancelled();
      monitor.update(new Progress(0, -1, "", doing + " the dedicated database"));
      try (Connection connection = target.openForWrites(Ledger.writing(epoch, name))) {
        var unused =
            DatabaseAccess.transaction(
                connection,
                doing,
                "the dedicated database",
                transaction -> {
                  if (Ledger.step(transaction, name).isEmpty()) {
                    action.in(transaction);
                    Ledger.requireCurrent(transaction, epoch);
                    Ledger.mark(transaction, name, "");
                  }
                  return true;
                });
      } catch (SQLException e) {
        throw PostgresFailures.translate(doing, "the dedicated database", e);
      }
    }

    /** Does a step, unless it is done, each part in a transaction of its own. */
    void stepInParts(String name, String doing, List<DatabaseAccess.Action> parts) {
      if (Steps.isDone(target, name)) {
        return;
      }
      monitor.update(new Progress(0, -1, "", doing + " the dedicated database"));
      for (DatabaseAccess.Action part : parts) {
        monitor.throwIfCancelled();
        target.changeAtLength(
            Ledger.writing(epoch, name),
            doing,
            "the dedicated database",
            connection -> {
              part.in(connection);
              Ledger.requireCurrent(connection, epoch);
            });
      }
      Steps.done(target, epoch, name);
    }

    void gatherStatistics(String schema, SnapshotPoint taken) {
      String name = "statistics";
      if (Steps.isDone(target, name)) {
        return;
      }
      try (Connection connection = target.openForWrites(Ledger.writing(epoch, name))) {
        SharedSchemas.gatherStatistics(connection, schema, taken, monitor);
      } catch (SQLException e) {
        throw PostgresFailures.translate("analyze the tables of", "the dedicated database", e);
      }
      Steps.done(target, epoch, name);
    }

    void buildPostData(
        SnapshotStorage storage, SnapshotPoint taken, String schema, int parallelism) {
      if (Steps.isDone(target, POST_DATA)) {
        return;
      }
      boolean begunBefore = Steps.isDone(target, Steps.POST_DATA_BEGUN);
      Steps.done(target, epoch, Steps.POST_DATA_BEGUN);
      monitor.update(new Progress(0, -1, "", "building indexes and constraints"));
      String session = Ledger.writing(epoch, POST_DATA);
      try (SchemaArchive archive = SchemaArchive.fetch(storage, taken, schema, programs)) {
        if (begunBefore) {
          PostData.complete(archive, target, session, monitor);
        } else {
          PostData.build(archive, builtEarly(), target, session, parallelism, monitor);
        }
      }
      Steps.done(target, epoch, POST_DATA);
    }

    private Set<String> builtEarly() {
      return target.read(
          "read ledger", "read the ledger of", "the dedicated database", BuiltIndexes::numbers);
    }
  }
}

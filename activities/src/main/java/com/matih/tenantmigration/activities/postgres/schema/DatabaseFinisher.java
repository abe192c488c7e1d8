package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Makes a database out of copied rows: references, indexes and constraints, sequences, materialized
 * views, statistics, and last of all the schema's own name.
 *
 * <p>Each step is noted in the ledger when it is done, so another attempt goes on with the next.
 * Until the last step all stands under the source's name, because the archive's statements name it.
 */
public final class DatabaseFinisher {

  private static final String REFERENCES = "references";
  private static final String CORRECTED = "base corrected";
  private static final String POST_DATA = "post-data";
  private static final String STATISTICS = "statistics";
  private static final String DATABASE = "the dedicated database";

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
    return finish(context, storage, Optional.empty(), monitor);
  }

  /**
   * Does what is not done of all that can stand while changes are carried over.
   *
   * @param correction takes the epoch and puts right the rows as they were copied, before they have
   *     keys
   * @return the attempt's epoch
   */
  public long finishForFollowing(
      MigrationContext context,
      SnapshotStorage storage,
      LongConsumer correction,
      ProgressMonitor monitor) {
    return finish(context, storage, Optional.of(correction), monitor);
  }

  private long finish(
      MigrationContext context,
      SnapshotStorage storage,
      Optional<LongConsumer> correction,
      ProgressMonitor monitor) {
    DatabaseAccess plain = DatabaseAccess.target(connections, context);
    long epoch = Ledger.takeOver(plain, monitor.attempt());
    Found found = Found.in(plain);
    DatabaseAccess target = SnapshotTaker.inSurroundings(plain, found.taken());
    if (!found.isBuilt()) {
      correction.ifPresent(correct -> correct(plain, correct, epoch));
      build(context, storage, target, found, epoch, correction.isPresent(), monitor);
    }
    try (Connection connection = target.openForWrites(Ledger.writing(epoch, "finish"))) {
      complete(
          context, target, found, correction.isPresent(), new Attempt(connection, epoch, monitor));
    } catch (SQLException e) {
      throw PostgresFailures.translate("complete", DATABASE, e);
    }
    return epoch;
  }

  /**
   * What the ledger says when an attempt begins.
   *
   * @param isBuilt whether indexes and constraints stand
   * @param isBegun whether an earlier attempt began to build them
   * @param early the numbers of the archive's entries that stand because of the copy
   */
  private record Found(SnapshotPoint taken, boolean isBuilt, boolean isBegun, Set<String> early) {

    static Found in(DatabaseAccess target) {
      return target.read(
          "read ledger",
          "read the ledger of",
          DATABASE,
          connection ->
              new Found(
                  SnapshotTaker.taken(connection),
                  Ledger.step(connection, POST_DATA).isPresent(),
                  Ledger.step(connection, Steps.POST_DATA_BEGUN).isPresent(),
                  BuiltIndexes.numbers(connection)));
    }
  }

  private static void correct(DatabaseAccess target, LongConsumer correction, long epoch) {
    if (Steps.isDone(target, CORRECTED)) {
      return;
    }
    correction.accept(epoch);
    target.change(
        Ledger.writing(epoch, "correct"),
        "write the ledger of",
        DATABASE,
        transaction -> {
          Ledger.requireCurrent(transaction, epoch);
          Ledger.mark(transaction, CORRECTED, "");
        });
  }

  private void build(
      MigrationContext context,
      SnapshotStorage storage,
      DatabaseAccess target,
      Found found,
      long epoch,
      boolean isFollowed,
      ProgressMonitor monitor) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String schema = spec.sourceSchema();
    try (Connection connection = target.openForWrites(Ledger.writing(epoch, REFERENCES))) {
      Attempt attempt = new Attempt(connection, epoch, monitor);
      attempt.step(
          REFERENCES,
          "rewrite the storage references of",
          transaction -> StorageReferenceRewriter.rewrite(transaction, context.request(), schema));
      attempt.done(Steps.POST_DATA_BEGUN);
    } catch (SQLException e) {
      throw PostgresFailures.translate("rewrite the storage references of", DATABASE, e);
    }
    monitor.update(new Progress(0, -1, "", "building indexes and constraints"));
    String session = Ledger.writing(epoch, POST_DATA);
    try (SchemaArchive archive = SchemaArchive.fetch(storage, found.taken(), schema, programs)) {
      Set<String> later = isFollowed ? archive.lateEntries(monitor) : Set.of();
      if (found.isBegun()) {
        PostData.complete(archive, later, target, session, monitor);
      } else {
        Set<String> without = new HashSet<>(later);
        without.addAll(found.early());
        PostData.build(archive, without, target, session, spec.parallelism(), monitor);
      }
    }
  }

  private static void complete(
      MigrationContext context,
      DatabaseAccess target,
      Found found,
      boolean isFollowed,
      Attempt attempt) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    String schema = spec.sourceSchema();
    SnapshotPoint taken = found.taken();
    attempt.done(POST_DATA);
    attempt.stepInParts(
        "sequences", "set the sequences of", SharedSchemas.setSequences(schema, taken));
    if (!isFollowed) {
      attempt.step(
          "late checks",
          "add the constraints that read other tables of",
          transaction -> LateChecks.addAll(transaction, taken.lateChecks()));
    }
    attempt.step(
        "materialized views",
        "fill the materialized views of",
        transaction -> MaterializedViews.refresh(transaction, schema, taken.materializedViews()));
    if (!attempt.isDone(STATISTICS)) {
      attempt.begin("gather the statistics of");
      Statistics.gather(
          target,
          Ledger.writing(attempt.epoch(), STATISTICS),
          SharedSchemas.names(schema, taken),
          spec.parallelism(),
          attempt.monitor());
      attempt.done(STATISTICS);
    }
    attempt.step(
        "rename",
        "rename the schema of",
        transaction -> DedicatedSchema.rename(transaction, schema, spec.targetSchema()));
  }

  /** One attempt at steps, over a session of its own. */
  private record Attempt(Connection connection, long epoch, ProgressMonitor monitor) {

    /** Does a step, unless it is done, in one transaction with the note that it is. */
    void step(String name, String doing, DatabaseAccess.Action action) {
      begin(doing);
      in(
          doing,
          transaction -> {
            if (Ledger.step(transaction, name).isEmpty()) {
              action.in(transaction);
              Ledger.requireCurrent(transaction, epoch);
              Ledger.mark(transaction, name, "");
            }
          });
    }

    /** Does a step, unless it is done, each part in a transaction of its own. */
    void stepInParts(String name, String doing, List<DatabaseAccess.Action> parts) {
      if (isDone(name)) {
        return;
      }
      for (DatabaseAccess.Action part : parts) {
        begin(doing);
        in(
            doing,
            transaction -> {
              part.in(transaction);
              Ledger.requireCurrent(transaction, epoch);
            });
      }
      done(name);
    }

    void done(String name) {
      DurableAct.NOTE_STEP.run(
          () ->
              in(
                  "write the ledger of",
                  transaction -> {
                    Ledger.requireCurrent(transaction, epoch);
                    Ledger.mark(transaction, name, "");
                  }));
    }

    private void begin(String doing) {
      monitor.throwIfCancelled();
      monitor.update(new Progress(0, -1, "", doing + " " + DATABASE));
    }

    private boolean isDone(String name) {
      return DatabaseAccess.transaction(
          connection,
          "read the ledger of",
          DATABASE,
          transaction -> Ledger.step(transaction, name).isPresent());
    }

    private void in(String doing, DatabaseAccess.Action action) {
      var unused =
          DatabaseAccess.transaction(
              connection,
              doing,
              DATABASE,
              transaction -> {
                action.in(transaction);
                return true;
              });
    }
  }
}

package com.matih.tenantmigration.activities.postgres.restore;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.RowProgress;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseContents;
import com.matih.tenantmigration.activities.postgres.restore.PartLoader.TablePart;
import com.matih.tenantmigration.activities.postgres.schema.LateChecks;
import com.matih.tenantmigration.activities.postgres.schema.MaterializedViews;
import com.matih.tenantmigration.activities.postgres.schema.PostData;
import com.matih.tenantmigration.activities.postgres.schema.SharedSchemas;
import com.matih.tenantmigration.activities.postgres.schema.Statistics;
import com.matih.tenantmigration.activities.postgres.schema.TargetExtensions;
import com.matih.tenantmigration.activities.postgres.schema.TypeCasts;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotManifest;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads a sealed snapshot into an empty database: the tenant as it was, under its schema's name in
 * the shared database.
 */
public final class SnapshotRestorer {

  private static final String PASSWORD = "PGPASSWORD";

  private final ClientPrograms programs;
  private final int parallelism;

  public SnapshotRestorer() {
    this(new ClientPrograms(), PostgresSpec.DEFAULT_PARALLELISM);
  }

  /**
   * A restorer that uses the given programs.
   *
   * @param parallelism how many parts are loaded, and indexes built, at the same time
   */
  public SnapshotRestorer(ClientPrograms programs, int parallelism) {
    this.programs = programs;
    this.parallelism = parallelism;
  }

  /** What was restored. */
  public record Restored(String tenant, String schema, int tables, long rows) {}

  /**
   * Looks whether a snapshot can be restored there; changes nothing.
   *
   * @param jdbcUrl an empty database
   * @param password {@code null} where the server asks for none
   * @throws MigrationException as {@link #restore} does before it touches the database
   */
  public void look(
      SnapshotStorage storage, String jdbcUrl, String user, @Nullable String password) {
    var unused = SnapshotManifest.read(storage);
    requireEmpty(access(jdbcUrl, user, password));
  }

  /**
   * Restores a snapshot.
   *
   * @param jdbcUrl an empty database
   * @param password {@code null} where the server asks for none
   * @throws MigrationException of type BAD_REQUEST where the snapshot is not sealed,
   *     TARGET_NOT_EMPTY where the database is not empty, CONTENT_MISMATCH where a file of the
   *     snapshot is damaged, and others where a server or program fails
   */
  public Restored restore(
      SnapshotStorage storage,
      String jdbcUrl,
      String user,
      @Nullable String password,
      ProgressMonitor monitor) {
    SnapshotManifest manifest = SnapshotManifest.read(storage);
    DatabaseAccess plain = access(jdbcUrl, user, password);
    requireEmpty(plain);
    DatabaseAccess target =
        plain
            .evaluating(manifest.sourceSchema(), manifest.pointInTime().settings())
            .searching(manifest.pointInTime().sharedSchemaNames());
    try {
      return restore(manifest, storage, target, monitor);
    } catch (MigrationException e) {
      throw new MigrationException(
          e.type(),
          e.getMessage()
              + (" The database %s is now partly filled. Drop it and create it again"
                      + " before the next attempt.")
                  .formatted(target.address()),
          e);
    }
  }

  private Restored restore(
      SnapshotManifest manifest,
      SnapshotStorage storage,
      DatabaseAccess target,
      ProgressMonitor monitor) {
    String schema = manifest.sourceSchema();
    SnapshotPoint taken = manifest.pointInTime();
    try (SchemaArchive archive = SchemaArchive.fetch(storage, taken, schema, programs)) {
      target.changeAtLength(
          "restore",
          "prepare the schema",
          schema,
          connection -> {
            SharedSchemas.prepare(connection, schema, taken);
            TargetExtensions.create(connection, taken.extensions(), schema, schema);
          });
      archive.restorePreData(target, "restore", () -> {}, monitor);
      target.changeAtLength(
          "restore",
          "create the casts of",
          schema,
          connection -> {
            var unused = TypeCasts.create(connection, taken.casts());
            LateChecks.drop(connection, taken.lateChecks());
          });
      loadRows(manifest, storage, target, monitor);
      try (ChangeLoader changes =
          new ChangeLoader(target.openForWrites("restore"), manifest.sourceSchema(), storage)) {
        manifest.changes().forEach(changes::load);
      }
      WorkerPool.workThrough(
          "restore-objects",
          parallelism,
          monitor,
          manifest.largeObjects(),
          number -> new LargeObjectLoader(target.openForWrites("restore " + number), storage));
      monitor.update(new Progress(0, -1, "", "building indexes and constraints"));
      PostData.build(archive, target, "restore", parallelism, monitor);
    }
    complete(schema, taken, target, monitor);
    return new Restored(
        manifest.tenant(),
        schema,
        manifest.tables().size(),
        manifest.tables().stream().mapToLong(SnapshotManifest.Table::rows).sum());
  }

  private void complete(
      String schema, SnapshotPoint taken, DatabaseAccess target, ProgressMonitor monitor) {
    for (DatabaseAccess.Action part : SharedSchemas.setSequences(schema, taken)) {
      target.changeAtLength("restore", "set the sequences of", schema, part);
    }
    target.changeAtLength(
        "restore",
        "add the constraints that read other tables of",
        schema,
        connection -> LateChecks.addAll(connection, taken.lateChecks()));
    target.changeAtLength(
        "restore",
        "fill the materialized views of",
        schema,
        connection -> MaterializedViews.refresh(connection, schema, taken.materializedViews()));
    Statistics.gather(target, "restore", SharedSchemas.names(schema, taken), parallelism, monitor);
  }

  private void loadRows(
      SnapshotManifest manifest,
      SnapshotStorage storage,
      DatabaseAccess target,
      ProgressMonitor monitor) {
    List<TablePart> parts =
        manifest.tables().stream()
            .flatMap(table -> table.parts().stream().map(part -> new TablePart(table, part)))
            .toList();
    RowProgress progress =
        new RowProgress(
            monitor, 0, manifest.tables().stream().mapToLong(SnapshotManifest.Table::rows).sum());
    WorkerPool.workThrough(
        "restore",
        parallelism,
        monitor,
        parts,
        number ->
            new PartLoader(
                target.openForWrites("restore " + number),
                table -> CopiedTable.tableOf(table, manifest.sourceSchema()),
                storage,
                progress));
  }

  private static DatabaseAccess access(String jdbcUrl, String user, @Nullable String password) {
    SecretResolver secrets =
        SecretResolver.ofOperator(name -> name.equals(PASSWORD) ? password : System.getenv(name));
    return new DatabaseAccess(
        new PostgresConnections(secrets),
        new PostgresSpec.Database(
            jdbcUrl, user, password == null ? null : "${env:" + PASSWORD + "}"),
        "restore");
  }

  private static void requireEmpty(DatabaseAccess target) {
    List<DatabaseContents.UserObject> found =
        target.read(
            "restore",
            "look into",
            "the database",
            connection -> DatabaseContents.list(connection, 1));
    if (!found.isEmpty()) {
      throw new MigrationException(
          FailureType.TARGET_NOT_EMPTY,
          "The database %s is not empty: it contains %s. Name an empty database."
              .formatted(target.address(), found.get(0)));
    }
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A snapshot's schema archive on the worker's machine, for as long as it is restored: {@code
 * pg_restore} reads it several times at once.
 */
public final class SchemaArchive implements AutoCloseable {

  private final TemporaryFolder folder;
  private final ClientPrograms.Programs tools;

  SchemaArchive(TemporaryFolder folder, ClientPrograms.Programs tools) {
    this.folder = folder;
    this.tools = tools;
  }

  /**
   * Fetches the archive and its list, and proves that they are what was stored.
   *
   * @param schema the name under which it stands in the archive
   */
  public static SchemaArchive fetch(
      SnapshotStorage storage, SnapshotPoint taken, String schema, ClientPrograms programs) {
    ClientPrograms.Programs tools = programs.atLeast(taken.serverVersion() / 10_000);
    SchemaArchive archive = new SchemaArchive(new TemporaryFolder(), tools);
    boolean complete = false;
    try {
      SnapshotFiles.fetch(storage, taken.archive(), archive.archive());
      SnapshotFiles.fetch(storage, taken.archiveList(), archive.list());
      ArchiveSearchPath.set(archive.archive(), ArchiveSearchPath.of(schema, taken));
      complete = true;
      return archive;
    } finally {
      if (!complete) {
        archive.close();
      }
    }
  }

  /**
   * Restores types, functions, tables, views and what else stands before the rows: all, or none.
   */
  public void restorePreData(DatabaseAccess target, String session, ProgressMonitor monitor) {
    List<String> command = command(target, "pre-data", list());
    command.add("--single-transaction");
    command.add(archive().toString());
    ProgramRunner.run(
        command, target.environment(session), "create the tables of the tenant", monitor);
  }

  /** Restores indexes, constraints and triggers, several at once; each of them is there or not. */
  public void restorePostData(
      DatabaseAccess target, String session, int parallelism, ProgressMonitor monitor) {
    List<String> command = command(target, "post-data", list());
    command.add("--exit-on-error");
    command.add("--jobs=" + parallelism);
    command.add(archive().toString());
    ProgramRunner.run(
        command,
        target.environment(session),
        "build the indexes and constraints of the tenant",
        monitor);
  }

  /** Writes the statements of {@link #restorePostData}, in an order in which they can be run. */
  public void writePostDataScript(Path script, ProgressMonitor monitor) {
    writeScript("post-data", script, monitor);
  }

  /**
   * Writes the statements of a section, each after a comment that names its object.
   *
   * @param section {@code pre-data} or {@code post-data}
   */
  public void writeScript(String section, Path script, ProgressMonitor monitor) {
    ProgramRunner.run(
        List.of(
            tools.pgRestore().toString(),
            "--section=" + section,
            "--use-list=" + list(),
            "--no-owner",
            "--no-privileges",
            "--no-tablespaces",
            "--file=" + script,
            archive().toString()),
        Map.of(),
        "read the schema's archive",
        monitor);
  }

  /**
   * A command that runs a script to its end, whatever fails, and tells each error with all its
   * fields.
   */
  public List<String> psql(Path script, DatabaseAccess target) {
    return List.of(
        psql(tools),
        "--no-psqlrc",
        "--no-password",
        target.programsDatabase(),
        "--quiet",
        "--set=VERBOSITY=verbose",
        "--file=" + script);
  }

  private List<String> command(DatabaseAccess target, String section, Path list) {
    return new ArrayList<>(
        List.of(
            tools.pgRestore().toString(),
            "--no-password",
            target.programsDatabase(),
            "--section=" + section,
            "--use-list=" + list,
            "--no-owner",
            "--no-privileges",
            "--no-tablespaces"));
  }

  /** The program beside the others. */
  static String psql(ClientPrograms.Programs tools) {
    return tools.pgRestore().resolveSibling("psql").toString();
  }

  static Path archive(TemporaryFolder folder) {
    return folder.file("schema.dump");
  }

  /** The list of the entries that travel. */
  static Path list(TemporaryFolder folder) {
    return folder.file("schema.list");
  }

  private Path archive() {
    return archive(folder);
  }

  private Path list() {
    return list(folder);
  }

  public Path temporaryFile(String name) {
    return folder.file(name);
  }

  @Override
  public void close() {
    folder.close();
  }
}

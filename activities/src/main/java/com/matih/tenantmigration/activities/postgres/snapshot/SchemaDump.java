package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SnapshotFile;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A schema's archive on the worker's machine, as one transaction of the shared database sees it:
 * the snapshot stores it, and the rehearsal restores it right away.
 */
public final class SchemaDump implements AutoCloseable {

  private static final String STATE =
      "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
          + " CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
          + " ELSE pg_current_wal_lsn() END::text,"
          + " pg_current_snapshot()::text,"
          + " current_setting('server_version_num')::int,"
          + " pg_export_snapshot()";

  private final TemporaryFolder folder;
  private final ClientPrograms.Programs tools;
  private final SnapshotPoint taken;
  private final String schema;

  private SchemaDump(
      String schema, TemporaryFolder folder, ClientPrograms.Programs tools, SnapshotPoint taken) {
    this.schema = schema;
    this.folder = folder;
    this.tools = tools;
    this.taken = taken;
  }

  /**
   * Where the transaction stands.
   *
   * @param exported by which {@code pg_dump} sees the same, until the transaction ends
   */
  private record State(
      String at, String position, String snapshot, int serverVersion, String exported) {}

  /**
   * Takes the archive.
   *
   * @param source a transaction that sees one state
   * @param access the same database
   */
  public static SchemaDump take(
      Connection source,
      DatabaseAccess access,
      TenantTables tables,
      ClientPrograms programs,
      ProgressMonitor monitor)
      throws SQLException {
    String schema = tables.schema().name();
    SourceObjects objects = SourceObjects.of(source, schema, tables.requireMovable());
    Set<String> staying = new TreeSet<>(objects.staying());
    SharedEntries shared = new SharedEntries(source, tables.shared());
    State state =
        Sql.one(
            source,
            STATE,
            row ->
                new State(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getString(5)));
    ClientPrograms.Programs tools = programs.atLeast(state.serverVersion() / 10_000);
    TemporaryFolder folder = new TemporaryFolder();
    boolean complete = false;
    try {
      Path archive = SchemaArchive.archive(folder);
      ProgramRunner.run(
          dump(tools, access, tables, left(schema, staying, shared), state.exported(), archive),
          access.environment("snapshot"),
          "dump the schema " + schema,
          monitor);
      SourceChecks late = SourceChecks.read(source, schema, staying, tables.shared().schemas());
      Set<ObjectId> left = shared.staying();
      left.addAll(late.ids());
      writeList(tools, folder, objects.fenceTriggers(), left, monitor);
      SnapshotPoint taken =
          new SnapshotPoint(
              state.at(),
              state.position(),
              state.snapshot(),
              state.serverVersion(),
              new SnapshotFile("", ""),
              new SnapshotFile("", ""),
              objects.extensions(staying, tables.shared()),
              sequences(access, objects, staying),
              objects.materializedViews(),
              SourceCasts.read(source, schema, tables.shared()),
              shared.schemas(),
              late.checks(),
              SourceSettings.read(access, tools, monitor));
      complete = true;
      return new SchemaDump(schema, folder, tools, taken);
    } finally {
      if (!complete) {
        folder.close();
      }
    }
  }

  private static List<TableName> left(String schema, Set<String> staying, SharedEntries shared)
      throws SQLException {
    List<TableName> left = new ArrayList<>(shared.leftOut());
    staying.forEach(table -> left.add(new TableName(schema, table)));
    return left;
  }

  private static List<Sequence> sequences(
      DatabaseAccess access, SourceObjects objects, Set<String> staying) {
    return access.look(
        "sequences",
        "read the sequences of",
        "the shared database",
        connection -> objects.sequences(connection, staying));
  }

  private static List<String> dump(
      ClientPrograms.Programs tools,
      DatabaseAccess source,
      TenantTables tables,
      List<TableName> left,
      String snapshot,
      Path archive) {
    List<String> command =
        new ArrayList<>(
            List.of(
                tools.pgDump().toString(),
                "--no-password",
                source.programsDatabase(),
                "--format=custom",
                "--schema-only",
                "--snapshot=" + snapshot,
                "--schema=" + Identifiers.quote(tables.schema().name()),
                "--no-owner",
                "--no-privileges",
                "--no-publications",
                "--no-subscriptions",
                "--no-security-labels",
                "--no-tablespaces",
                "--lock-wait-timeout=60s",
                "--file=" + archive));
    // in a pattern, a name in double quotes stands for itself (the manual of psql, "Patterns")
    for (String shared : tables.shared().schemas()) {
      command.add("--schema=" + Identifiers.quote(shared));
    }
    for (TableName table : left) {
      command.add("--exclude-table=" + Identifiers.quote(table));
    }
    return command;
  }

  private static void writeList(
      ClientPrograms.Programs tools,
      TemporaryFolder folder,
      Set<Long> fenceTriggers,
      Set<ObjectId> staying,
      ProgressMonitor monitor) {
    Path whole = folder.file("whole.list");
    SchemaArchive.writeVerboseList(tools, folder, whole, monitor);
    try {
      Files.write(
          SchemaArchive.list(folder),
          ArchiveList.travelling(SchemaArchive.lines(whole), fenceTriggers, staying),
          StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw TemporaryFolder.failure("write the archive's list", e);
    }
  }

  /** What was found beside the archive, without the names of stored files. */
  public SnapshotPoint taken() {
    return taken;
  }

  /** The same with the names under which the archive and its list were stored. */
  SnapshotPoint taken(SnapshotFile storedArchive, SnapshotFile storedList) {
    return taken.storedAs(storedArchive, storedList);
  }

  /** The archive, to be restored from here; it ends with this dump. */
  public SchemaArchive asArchive() {
    ArchiveSearchPath.set(archive(), ArchiveSearchPath.of(schema, taken));
    return new SchemaArchive(folder, tools);
  }

  Path archive() {
    return SchemaArchive.archive(folder);
  }

  Path list() {
    return SchemaArchive.list(folder);
  }

  @Override
  public void close() {
    folder.close();
  }
}

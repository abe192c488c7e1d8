package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.RecordJson;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SnapshotFile;
import com.matih.tenantmigration.activities.postgres.ledger.Steps;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fixes the point in time, under the fence, and takes the schema's archive as it was then.
 *
 * <p>One transaction that sees one state notes where it stands, reads the sequences, and lends its
 * snapshot to {@code pg_dump}. What it found is noted in the ledger once; a second attempt finds it
 * there, and of two that overlap both go on from the same.
 */
public final class SnapshotTaker {

  private static final String STEP = "snapshot";

  private static final String STATE =
      "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
          + " CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
          + " ELSE pg_current_wal_lsn() END::text,"
          + " pg_current_snapshot()::text,"
          + " current_setting('server_version_num')::int,"
          + " pg_export_snapshot()";

  private final PostgresConnections connections;
  private final ClientPrograms programs;

  public SnapshotTaker(PostgresConnections connections, ClientPrograms programs) {
    this.connections = connections;
    this.programs = programs;
  }

  /**
   * Takes the archive unless it is taken.
   *
   * @param tables the tables that move
   */
  public void take(
      MigrationContext context,
      List<TenantTable> tables,
      SnapshotStorage storage,
      ProgressMonitor monitor) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    DatabaseAccess target = DatabaseAccess.target(connections, context);
    if (Steps.isDone(target, STEP)) {
      return;
    }
    long epoch = Ledger.takeOver(target, monitor.attempt());
    String schema = context.spec(PostgresSpec.class).sourceSchema();
    List<String> moving = tables.stream().map(table -> table.name().table()).toList();
    monitor.update(new Progress(0, -1, "", "dumping the schema " + schema));
    SnapshotPoint taken =
        source.read(
            "snapshot",
            "take the snapshot of",
            "schema " + schema,
            connection ->
                take(
                    new SourceObjects(connection, schema, moving),
                    source,
                    storage,
                    epoch,
                    monitor));
    target.change(
        Ledger.writing(epoch, "snapshot"),
        "note the snapshot in",
        "the dedicated database",
        connection -> {
          Ledger.requireCurrent(connection, epoch);
          Ledger.mark(connection, STEP, RecordJson.write(taken));
        });
  }

  /**
   * The point in time that was taken.
   *
   * @throws IllegalStateException before it was taken
   */
  public static SnapshotPoint taken(Connection target) throws SQLException {
    return Ledger.step(target, STEP)
        .map(
            text -> RecordJson.read(text, SnapshotPoint.class, "The ledger's note of the snapshot"))
        .orElseThrow(() -> new IllegalStateException("no snapshot was taken yet"));
  }

  /** {@link #taken(Connection)} over a connection of its own. */
  public static SnapshotPoint taken(DatabaseAccess target) {
    return target.read(
        "read ledger", "read the ledger of", "the dedicated database", SnapshotTaker::taken);
  }

  /**
   * Where the transaction stands.
   *
   * @param exported by which {@code pg_dump} sees the same, until the transaction ends
   */
  private record State(
      String at, String position, String snapshot, int serverVersion, String exported) {}

  private SnapshotPoint take(
      SourceObjects objects,
      DatabaseAccess access,
      SnapshotStorage storage,
      long epoch,
      ProgressMonitor monitor)
      throws SQLException {
    Connection source = objects.source();
    Set<String> staying = new TreeSet<>(objects.staying());
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
    try (TemporaryFolder temporary = new TemporaryFolder()) {
      Path archive = temporary.file("schema.dump");
      ClientPrograms.Programs tools = programs.atLeast(state.serverVersion() / 10_000);
      ProgramRunner.run(
          dump(tools, access, objects.schema(), staying, state.exported(), archive),
          access.environment("snapshot"),
          "dump the schema " + objects.schema(),
          monitor);
      Path list = temporary.file("schema.list");
      writeList(tools, archive, list, objects.fenceTriggers(), temporary, monitor);
      // each attempt has names of its own, so that an earlier one still at work spoils nothing
      SnapshotFile storedArchive =
          SnapshotFiles.store(storage, "schema.%d.dump".formatted(epoch), archive);
      SnapshotFile storedList =
          SnapshotFiles.store(storage, "schema.%d.list".formatted(epoch), list);
      return new SnapshotPoint(
          state.at(),
          state.position(),
          state.snapshot(),
          state.serverVersion(),
          storedArchive,
          storedList,
          objects.extensions(staying),
          objects.sequences(staying),
          objects.materializedViews());
    }
  }

  private static List<String> dump(
      ClientPrograms.Programs tools,
      DatabaseAccess source,
      String schema,
      Set<String> staying,
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
                "--schema=" + Identifiers.quote(schema),
                "--no-owner",
                "--no-privileges",
                "--no-publications",
                "--no-subscriptions",
                "--no-security-labels",
                "--no-tablespaces",
                "--lock-wait-timeout=60s",
                "--file=" + archive));
    // in a pattern, a name in double quotes stands for itself (the manual of psql, "Patterns")
    for (String table : staying) {
      command.add("--exclude-table=" + Identifiers.quote(new TableName(schema, table)));
    }
    return command;
  }

  private static void writeList(
      ClientPrograms.Programs tools,
      Path archive,
      Path list,
      Set<Long> fenceTriggers,
      TemporaryFolder temporary,
      ProgressMonitor monitor) {
    Path whole = temporary.file("whole.list");
    ProgramRunner.runInto(
        whole,
        List.of(tools.pgRestore().toString(), "--list", archive.toString()),
        Map.of(),
        "list the schema's archive",
        monitor);
    try {
      // names are in the database's encoding, so their bytes are kept as they are
      Files.write(
          list,
          ArchiveList.travelling(
              Files.readAllLines(whole, StandardCharsets.ISO_8859_1), fenceTriggers),
          StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw TemporaryFolder.failure("write the archive's list", e);
    }
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A snapshot's schema archive on the worker's machine, for as long as it is restored: {@code
 * pg_restore} reads it several times at once.
 */
public final class SchemaArchive implements AutoCloseable {

  /** Most locks that one entry takes: a table's, its TOAST table's and that one's index'. */
  private static final int LOCKS_OF_ENTRY = 3;

  private static final int ENTRIES_TOGETHER = 400;

  private static final String CREATING = "create the tables of the tenant";

  /** How many locks on the dedicated server are held at a time while tables are created. */
  public static final int LOCKS_TOGETHER = LOCKS_OF_ENTRY * ENTRIES_TOGETHER;

  /** As pg_dump writes a foreign key of a table that is not partitioned, and that was valid. */
  private static final Pattern VALID_KEY =
      Pattern.compile(
          "(?m)^(ALTER TABLE ONLY [^\n]+\n    ADD CONSTRAINT [^\n]+ FOREIGN KEY [^\n]+)(?<! NOT VALID);$");

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
   * Restores types, functions, tables, views and what else stands before the rows, some of it in a
   * transaction: a single one would lock every table, each with its TOAST table and index, in a
   * lock table that all of the server's databases share. Where it fails, what came before stays.
   *
   * @param beforeEach called before each of the transactions
   */
  public void restorePreData(
      DatabaseAccess target, String session, Runnable beforeEach, ProgressMonitor monitor) {
    Path entries = temporaryFile("pre-data.list");
    List<String> listing = command("pre-data", list());
    listing.add("--list");
    listing.add(archive().toString());
    ProgramRunner.runInto(entries, listing, Map.of(), "list the schema's archive", monitor);
    boolean isScriptNeeded = needsScript(target);
    int number = 0;
    for (List<String> part : parts(entries)) {
      Path list = temporaryFile("pre-data.%d.list".formatted(number++));
      write(list, part);
      beforeEach.run();
      if (isScriptNeeded) {
        restoreByScript(list, target, session, monitor);
      } else {
        // no section: a comment has none of its own and is taken for one of what stands before it
        List<String> command = to(target, command(list));
        command.add("--single-transaction");
        command.add(archive().toString());
        ProgramRunner.run(command, target.environmentForWrites(session), CREATING, monitor);
      }
    }
  }

  private void restoreByScript(
      Path list, DatabaseAccess target, String session, ProgressMonitor monitor) {
    Path script = temporaryFile("pre-data.sql");
    writeScript(command(list), script, monitor);
    List<String> command = new ArrayList<>(psql(script, target));
    // after an error nothing takes effect, and the commit rolls back
    command.add("--single-transaction");
    ArchiveScript.run(
        command,
        target.environmentForWrites(session),
        temporaryFile("pre-data.log"),
        Set.of(),
        CREATING,
        monitor);
  }

  /**
   * Whether pg_restore cannot restore there by itself, so that psql has to run what it writes, one
   * statement after the other.
   */
  public boolean needsScript(DatabaseAccess target) {
    return tools.setsTransactionTimeout()
        && !tools.restoreInto(
            target.look(
                "look",
                "read the version of",
                "the dedicated server",
                connection -> connection.getMetaData().getDatabaseMajorVersion()));
  }

  /** Writes the list of all that the archive has, with what each entry needs. */
  static void writeVerboseList(
      ClientPrograms.Programs tools, TemporaryFolder folder, Path list, ProgressMonitor monitor) {
    ProgramRunner.runInto(
        list,
        List.of(tools.pgRestore().toString(), "--list", "--verbose", archive(folder).toString()),
        Map.of(),
        "list the schema's archive",
        monitor);
  }

  private static List<List<String>> parts(Path list) {
    List<String> entries = entries(list);
    List<List<String>> parts = new ArrayList<>();
    for (int i = 0; i < entries.size(); i += ENTRIES_TOGETHER) {
      parts.add(entries.subList(i, Math.min(entries.size(), i + ENTRIES_TOGETHER)));
    }
    return parts;
  }

  private static List<String> entries(Path list) {
    return lines(list).stream().filter(ArchiveList::isEntry).toList();
  }

  /** Names are in the database's encoding, so their bytes are kept as they are. */
  static List<String> lines(Path list) {
    try {
      return Files.readAllLines(list, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw TemporaryFolder.failure("read the archive's list", e);
    }
  }

  private static void write(Path list, List<String> entries) {
    try {
      Files.write(list, entries, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw TemporaryFolder.failure("write the archive's list", e);
    }
  }

  /**
   * The statements that build indexes and keys, in the archive's order; none where they cannot be
   * told apart for sure.
   */
  public List<IndexStatement> indexes(ProgressMonitor monitor) {
    List<String> entries = entries(list()).stream().filter(ArchiveList::isIndex).toList();
    if (entries.isEmpty()) {
      return List.of();
    }
    Path list = temporaryFile("index.list");
    Path script = temporaryFile("index.sql");
    write(list, entries);
    writeScript("post-data", list, script, monitor);
    try {
      return IndexScript.statements(entries, Files.readAllBytes(script));
    } catch (IOException e) {
      throw TemporaryFolder.failure("read the archive's script", e);
    }
  }

  /**
   * Restores indexes, constraints and triggers, several at once; each of them is there or not. Not
   * where a {@linkplain #needsScript script is needed}.
   *
   * @param standing the numbers of the entries that stand already
   */
  public void restorePostData(
      Set<String> standing,
      DatabaseAccess target,
      String session,
      int parallelism,
      ProgressMonitor monitor) {
    restorePostData(listWithout(standing), target, session, parallelism, monitor);
  }

  private Path listWithout(Set<String> numbers) {
    if (numbers.isEmpty()) {
      return list();
    }
    Path list = temporaryFile("post-data.list");
    write(
        list,
        entries(list()).stream()
            .filter(entry -> !numbers.contains(ArchiveList.number(entry)))
            .toList());
    return list;
  }

  private void restorePostData(
      Path list, DatabaseAccess target, String session, int parallelism, ProgressMonitor monitor) {
    List<String> command = to(target, command("post-data", list));
    command.add("--exit-on-error");
    command.add("--jobs=" + parallelism);
    command.add(archive().toString());
    ProgramRunner.run(
        command,
        target.environmentForWrites(session),
        "build the indexes and constraints of the tenant",
        monitor);
  }

  /**
   * Writes the statements of {@link #restorePostData}, in an order in which they can be run.
   *
   * @param without the numbers of entries that are left out
   */
  public void writePostDataScript(Path script, Set<String> without, ProgressMonitor monitor) {
    writeScript("post-data", listWithout(without), script, monitor);
  }

  /**
   * The numbers of the entries that come last where changes are followed: foreign keys, checks that
   * are NOT VALID, and what acts on writes.
   */
  public Set<String> lateEntries(ProgressMonitor monitor) {
    return late(monitor).stream().map(ArchiveList::number).collect(Collectors.toSet());
  }

  private List<String> late(ProgressMonitor monitor) {
    // only a verbose list says which entry a comment belongs to
    Path verbose = temporaryFile("verbose.list");
    writeVerboseList(tools, folder, verbose, monitor);
    Set<String> late = ArchiveList.late(lines(verbose));
    return entries(list()).stream()
        .filter(entry -> late.contains(ArchiveList.number(entry)))
        .toList();
  }

  /**
   * Writes the statements that create {@link #lateEntries}. Foreign keys do not look at rows that
   * are there, where the server lets them: not on partitioned tables.
   *
   * @return whether there are any
   */
  public boolean writeLateScript(Path script, ProgressMonitor monitor) {
    List<String> late = late(monitor);
    List<String> keys = late.stream().filter(ArchiveList::isForeignKey).toList();
    List<String> others = late.stream().filter(entry -> !ArchiveList.isForeignKey(entry)).toList();
    StringBuilder text = new StringBuilder();
    if (!keys.isEmpty()) {
      text.append(VALID_KEY.matcher(script("keys", keys, monitor)).replaceAll("$1 NOT VALID;"));
    }
    if (!others.isEmpty()) {
      text.append(script("late", others, monitor));
    }
    try {
      Files.writeString(script, text, StandardCharsets.ISO_8859_1);
      return !text.isEmpty();
    } catch (IOException e) {
      throw TemporaryFolder.failure("write the archive's script", e);
    }
  }

  private String script(String name, List<String> entries, ProgressMonitor monitor) {
    Path list = temporaryFile(name + ".list");
    Path script = temporaryFile(name + ".sql");
    write(list, entries);
    writeScript(command(list), script, monitor);
    try {
      // bytes are kept as they are
      return Files.readString(script, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw TemporaryFolder.failure("read the archive's script", e);
    }
  }

  /**
   * Writes the statements of a section, each after a comment that names its object.
   *
   * @param section {@code pre-data} or {@code post-data}
   */
  public void writeScript(String section, Path script, ProgressMonitor monitor) {
    writeScript(section, list(), script, monitor);
  }

  private void writeScript(String section, Path list, Path script, ProgressMonitor monitor) {
    writeScript(command(section, list), script, monitor);
  }

  private void writeScript(List<String> command, Path script, ProgressMonitor monitor) {
    command.add("--file=" + script);
    command.add(archive().toString());
    ProgramRunner.run(command, Map.of(), "read the schema's archive", monitor);
    if (tools.setsTransactionTimeout()) {
      ArchiveScript.adapt(script);
    }
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

  private static List<String> to(DatabaseAccess target, List<String> command) {
    command.add("--no-password");
    command.add(target.programsDatabase());
    return command;
  }

  private List<String> command(String section, Path list) {
    List<String> command = command(list);
    command.add("--section=" + section);
    return command;
  }

  private List<String> command(Path list) {
    return new ArrayList<>(
        List.of(
            tools.pgRestore().toString(),
            "--use-list=" + list,
            "--no-owner",
            "--no-privileges",
            "--no-tablespaces",
            "--no-table-access-method"));
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

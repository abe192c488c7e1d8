package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.FinalFailures;
import com.matih.tenantmigration.activities.postgres.failure.PsqlErrors;
import com.matih.tenantmigration.activities.postgres.failure.ServerWords;
import com.matih.tenantmigration.activities.postgres.failure.SqlStates;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Builds indexes, constraints and triggers, and goes on where an interrupted attempt ended.
 *
 * <p>{@code pg_restore} builds several at once and stops at the first error, which what stands
 * already would be. So a second attempt runs the same statements one after the other with {@code
 * psql}, and of the errors accepts those alone that say "it is there": each statement took effect
 * as a whole or not at all.
 */
public final class PostData {

  /** duplicate_table (an index too), duplicate_object, invalid_table_definition (a second key). */
  private static final Set<String> IS_THERE = Set.of("42P07", "42710", "42P16");

  private PostData() {}

  /** Builds everything, several at once. */
  public static void build(
      SchemaArchive archive,
      DatabaseAccess target,
      String session,
      int parallelism,
      ProgressMonitor monitor) {
    archive.restorePostData(target, session, parallelism, monitor);
  }

  /**
   * Builds everything but what stands already.
   *
   * @param standing the numbers of its entries in the archive
   */
  static void build(
      SchemaArchive archive,
      Set<String> standing,
      DatabaseAccess target,
      String session,
      int parallelism,
      ProgressMonitor monitor) {
    archive.restorePostData(standing, target, session, parallelism, monitor);
  }

  /** Builds what is missing, without some entries, by their numbers. */
  static void complete(
      SchemaArchive archive,
      Set<String> without,
      DatabaseAccess target,
      String session,
      ProgressMonitor monitor) {
    Path script = archive.temporaryFile("post-data.sql");
    archive.writePostDataScript(script, without, monitor);
    run(archive, script, target, session, monitor);
  }

  /** Creates foreign keys, and what acts on writes, as far as they are missing. */
  public static void completeLate(
      SchemaArchive archive, DatabaseAccess target, String session, ProgressMonitor monitor) {
    Path script = archive.temporaryFile("late.sql");
    if (archive.writeLateScript(script, monitor)) {
      run(archive, script, target, session, monitor);
    }
  }

  private static void run(
      SchemaArchive archive,
      Path script,
      DatabaseAccess target,
      String session,
      ProgressMonitor monitor) {
    Path messages = archive.temporaryFile("post-data.log");
    ProgramRunner.runWithMessagesInto(
        messages,
        archive.psql(script, target),
        target.environment(session),
        "create the indexes and constraints of the tenant",
        monitor);
    firstError(messages).ifPresent(PostData::fail);
  }

  private static void fail(ServerWords.Report error) {
    FailureType type = SqlStates.typeOfBuilding(String.valueOf(error.state()));
    throw new MigrationException(
        type,
        "psql could not create the indexes and constraints of the tenant: %s. %s"
            .formatted(
                ServerWords.tell(error),
                FinalFailures.remedy(type).orElse("The server's log has the details.")));
  }

  private static Optional<ServerWords.Report> firstError(Path messages) {
    try {
      return PsqlErrors.first(messages, IS_THERE);
    } catch (IOException e) {
      throw TemporaryFolder.failure("read what psql said", e);
    }
  }
}

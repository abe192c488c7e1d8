package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.snapshot.ArchiveScript;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import java.nio.file.Path;
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

  /** Builds everything, several at once where {@code pg_restore} can. */
  public static void build(
      SchemaArchive archive,
      DatabaseAccess target,
      String session,
      int parallelism,
      ProgressMonitor monitor) {
    build(archive, Set.of(), target, session, parallelism, monitor);
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
    if (archive.needsScript(target)) {
      complete(archive, standing, target, session, monitor);
    } else {
      archive.restorePostData(standing, target, session, parallelism, monitor);
    }
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

  /** Creates what {@link SchemaArchive#lateEntries} tells, as far as it is missing. */
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
    ArchiveScript.run(
        archive.psql(script, target),
        target.environmentForWrites(session),
        archive.temporaryFile("post-data.log"),
        IS_THERE,
        "create the indexes and constraints of the tenant",
        monitor);
  }
}

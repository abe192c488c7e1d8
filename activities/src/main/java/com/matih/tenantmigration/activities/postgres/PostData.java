package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds indexes, constraints and triggers, and goes on where an interrupted attempt ended.
 *
 * <p>{@code pg_restore} builds several at once and stops at the first error, which what stands
 * already would be. So a second attempt runs the same statements one after the other with {@code
 * psql}, and of the errors accepts those alone that say "it is there": each statement took effect
 * as a whole or not at all.
 */
final class PostData {

  /** duplicate_table (an index too), duplicate_object, invalid_table_definition (a second key). */
  private static final Set<String> IS_THERE = Set.of("42P07", "42710", "42P16");

  private static final Pattern ERROR = Pattern.compile(".*?(?:ERROR|FATAL|PANIC): +(\\S+).*");

  private PostData() {}

  /** Builds everything, several at once. */
  static void build(
      SchemaArchive archive,
      DatabaseAccess target,
      String session,
      int parallelism,
      ProgressMonitor monitor) {
    archive.restorePostData(target, session, parallelism, monitor);
  }

  /** Builds what is missing. */
  static void complete(
      SchemaArchive archive, DatabaseAccess target, String session, ProgressMonitor monitor) {
    Path script = archive.temporaryFile("post-data.sql");
    Path messages = archive.temporaryFile("post-data.log");
    archive.writePostDataScript(script, monitor);
    ProgramRunner.runWithMessagesInto(
        messages,
        archive.psql(script),
        target.environment(session),
        "complete the indexes and constraints of the tenant",
        monitor);
    firstError(messages)
        .ifPresent(
            error -> {
              throw new MigrationException(
                  FailureType.TOOL_FAILED,
                  "psql could not complete the indexes and constraints of the tenant: SQLSTATE %s."
                          .formatted(error)
                      + " The server's log has the details.");
            });
  }

  private static Optional<String> firstError(Path messages) {
    try (BufferedReader lines = Files.newBufferedReader(messages, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher error = ERROR.matcher(line);
        if (error.matches() && !IS_THERE.contains(error.group(1))) {
          return Optional.of(error.group(1));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw TemporaryFolder.failure("read what psql said", e);
    }
  }
}

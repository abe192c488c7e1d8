package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PsqlErrors;
import com.matih.tenantmigration.activities.postgres.failure.ServerWords;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names everything of an archive's section that cannot be created: {@code pg_restore} has stopped
 * at the first, so {@code psql} runs the same statements to their end.
 */
final class ScriptErrors {

  /** More say nothing new: what uses the first fails too. */
  private static final int MOST = 20;

  /** The comment that {@code pg_restore} writes before each entry. */
  private static final Pattern ENTRY =
      Pattern.compile("-- Name: (.*); Type: (.*); Schema: (.*); Owner: .*");

  private ScriptErrors() {}

  /**
   * Refuses each object that fails.
   *
   * @param section {@code pre-data} or {@code post-data}
   * @return whether any did
   */
  static boolean refuse(
      SchemaArchive archive,
      String section,
      DatabaseAccess scratch,
      PlanNotes findings,
      ProgressMonitor monitor) {
    Path script = archive.temporaryFile(section + ".sql");
    Path messages = archive.temporaryFile(section + ".log");
    archive.writeScript(section, script, monitor);
    ProgramRunner.runWithMessagesInto(
        messages,
        archive.psql(script, scratch),
        scratch.environmentForWrites(ScratchDatabase.SESSION),
        "create the schema on trial",
        monitor);
    try {
      List<PsqlErrors.Located> errors = PsqlErrors.all(messages, MOST);
      List<String> lines = Files.readAllLines(script, StandardCharsets.ISO_8859_1);
      for (PsqlErrors.Located error : errors) {
        findings.refuse(
            objectAt(lines, error.line()),
            "cannot be created on the dedicated server: " + ServerWords.tell(error.report()),
            TrialRemedies.of(error.report().state()));
      }
      return !errors.isEmpty();
    } catch (IOException e) {
      throw TemporaryFolder.failure("read what psql said", e);
    }
  }

  private static String objectAt(List<String> lines, int line) {
    for (int i = Math.min(line, lines.size()) - 1; i >= 0; i--) {
      Matcher entry = ENTRY.matcher(lines.get(i));
      if (entry.matches()) {
        return "%s (%s of %s)"
            .formatted(
                utf8(entry.group(1)),
                entry.group(2).toLowerCase(java.util.Locale.ROOT),
                utf8(entry.group(3)));
      }
    }
    return "the schema";
  }

  /** Read byte by byte, since names may be in any encoding. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}

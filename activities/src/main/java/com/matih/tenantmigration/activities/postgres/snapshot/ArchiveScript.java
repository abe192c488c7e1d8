package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.failure.FinalFailures;
import com.matih.tenantmigration.activities.postgres.failure.PsqlErrors;
import com.matih.tenantmigration.activities.postgres.failure.ServerWords;
import com.matih.tenantmigration.activities.postgres.failure.SqlStates;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A script that {@code pg_restore} wrote from an archive, and that {@code psql} runs. */
public final class ArchiveScript {

  private static final String TIMEOUT = "\nSET transaction_timeout = 0;\n";

  /** The same on servers that have the setting, and nothing on others. */
  private static final String TIMEOUT_IF_THERE =
      "\nSELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings"
          + " WHERE name = 'transaction_timeout';\n";

  private ArchiveScript() {}

  /** Makes a script of {@code pg_restore} 17 and later fit for older servers. */
  static void adapt(Path script) {
    try {
      // names are in the database's encoding, so their bytes are kept as they are
      String text = Files.readString(script, StandardCharsets.ISO_8859_1);
      // the first stands in the script's head; a function's body may have the same line
      int at = text.indexOf(TIMEOUT);
      if (at >= 0) {
        Files.writeString(
            script,
            text.substring(0, at) + TIMEOUT_IF_THERE + text.substring(at + TIMEOUT.length()),
            StandardCharsets.ISO_8859_1);
      }
    } catch (IOException e) {
      throw TemporaryFolder.failure("adapt the archive's script", e);
    }
  }

  /**
   * Runs a script to its end.
   *
   * @param psql the command, which tells each error with all its fields
   * @param messages where what it says is kept
   * @param accepted the SQLSTATEs that are no errors
   * @param doing such as "create the tables of the tenant"
   * @throws MigrationException of the first error
   */
  public static void run(
      List<String> psql,
      Map<String, String> libpq,
      Path messages,
      Set<String> accepted,
      String doing,
      ProgressMonitor monitor) {
    ProgramRunner.runWithMessagesInto(messages, psql, libpq, doing, monitor);
    try {
      PsqlErrors.first(messages, accepted).ifPresent(error -> fail(doing, error));
    } catch (IOException e) {
      throw TemporaryFolder.failure("read what psql said", e);
    }
  }

  private static void fail(String doing, ServerWords.Report error) {
    FailureType type = SqlStates.typeOfBuilding(String.valueOf(error.state()));
    String said = ServerWords.tell(error);
    throw new MigrationException(
        type,
        "psql could not %s: %s. %s"
            .formatted(
                doing,
                said,
                FinalFailures.remedy(type, said).orElse("The server's log has the details.")));
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.programs.ProgramRunner;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of the shared database on which a schema's expressions may depend: functions that
 * are called immutable and are not turn a moment into a day, or a text into words, by them.
 *
 * <p>They are asked with {@code psql}: the driver sends the worker's time zone with each login, and
 * then nobody can tell the database's own.
 */
public final class SourceSettings {

  /** A configuration that users made may not be there yet when a session of the target begins. */
  private static final String SETTINGS =
      "SELECT name || '=' || setting FROM pg_catalog.pg_settings WHERE name = 'TimeZone'"
          + " OR (name = 'default_text_search_config' AND setting LIKE 'pg_catalog.%')";

  private SourceSettings() {}

  /** Reads them as a session has them that sets nothing itself. */
  public static Map<String, String> read(
      DatabaseAccess source, ClientPrograms.Programs tools, ProgressMonitor monitor) {
    try (TemporaryFolder folder = new TemporaryFolder()) {
      Path answer = folder.file("settings");
      ProgramRunner.runInto(
          answer,
          List.of(
              SchemaArchive.psql(tools),
              "--no-psqlrc",
              "--no-password",
              source.programsDatabase(),
              "--no-align",
              "--tuples-only",
              "--command=" + SETTINGS),
          source.environment("settings"),
          "read the settings of the shared database",
          monitor);
      Map<String, String> settings = new TreeMap<>();
      for (String line : Files.readAllLines(answer)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          settings.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      return settings;
    } catch (IOException e) {
      throw TemporaryFolder.failure("read what psql said", e);
    }
  }
}

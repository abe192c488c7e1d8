package com.matih.tenantmigration.starter.cli.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Where a command leaves its results and logs. */
public final class ResultFolder {

  /** Set by the launcher: the folder of the clone. */
  private static final String HOME = "tenant-migration.home";

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private ResultFolder() {}

  /**
   * The folder that was asked for, or a new one in the clone's target, or a temporary one.
   *
   * @param command the command's name
   */
  public static Path choose(@Nullable Path asked, String command) {
    try {
      if (asked != null) {
        return Files.createDirectories(asked.toAbsolutePath().normalize());
      }
      Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath();
      if (Files.isWritable(home)) {
        Path earlier = Files.createDirectories(home.resolve("target").resolve(command));
        return Files.createTempDirectory(
            earlier, NAME.format(LocalDateTime.now(ZoneId.systemDefault())) + "-");
      }
      return Files.createTempDirectory("tenant-migration-" + command + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a folder for the results of " + command, e);
    }
  }
}

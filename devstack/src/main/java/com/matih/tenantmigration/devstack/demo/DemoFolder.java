package com.matih.tenantmigration.devstack.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Where a demo leaves its report and logs. */
final class DemoFolder {

  /** Set by the launcher: the folder of the clone. */
  private static final String HOME = "tenant-migration.home";

  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private DemoFolder() {}

  /** The folder that was asked for, or a new one in the clone's target, or a temporary one. */
  static Path choose(@Nullable Path asked) {
    try {
      if (asked != null) {
        return Files.createDirectories(asked.toAbsolutePath().normalize());
      }
      Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath();
      if (Files.isWritable(home)) {
        Path demos = Files.createDirectories(home.resolve("target").resolve("demo"));
        return Files.createTempDirectory(
            demos, NAME.format(LocalDateTime.now(ZoneId.systemDefault())) + "-");
      }
      return Files.createTempDirectory("tenant-migration-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a folder for the demo's report", e);
    }
  }
}

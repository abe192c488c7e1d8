package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Temporal's command line tools.
 *
 * <p>{@code bin/install-temporal} puts known versions into the user's cache, which goes before
 * whatever the PATH has.
 */
public enum TemporalTool {

  /** {@code temporal}, whose {@code server start-dev} is a whole server. */
  TEMPORAL,

  /** {@code tctl}, the older tool. */
  TCTL;

  /** The program, where this machine has it. */
  public Optional<Path> find() {
    Path cached = UserCache.place(program() + "-" + version()).resolve(program());
    return Files.isExecutable(cached) ? Optional.of(cached) : Programs.onPath(program());
  }

  /**
   * The program.
   *
   * @throws MissingToolException where this machine does not have it
   */
  public Path require() {
    return find()
        .orElseThrow(
            () ->
                new MissingToolException(
                    "There is no program '%s'; where Go is installed, bin/install-temporal brings it."
                        .formatted(program())));
  }

  private String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  private String version() {
    ServerArtifacts artifacts = ServerArtifacts.load();
    return switch (this) {
      case TEMPORAL -> artifacts.temporalVersion();
      case TCTL -> artifacts.tctlVersion();
    };
  }
}

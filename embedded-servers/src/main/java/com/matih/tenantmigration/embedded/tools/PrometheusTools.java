package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus' own programs, where this machine has them (Debian's package {@code prometheus}). */
public final class PrometheusTools {

  private static final String SERVER = "prometheus";
  private static final String TOOL = "promtool";

  private PrometheusTools() {}

  /**
   * What promtool said.
   *
   * @param status 0 where all is well
   */
  public record Answer(int status, String output) {}

  /** Whether both the server and its tool are there. */
  public static boolean areInstalled() {
    return Programs.onPath(SERVER).isPresent() && Programs.onPath(TOOL).isPresent();
  }

  /**
   * Runs promtool.
   *
   * @throws MissingToolException where this machine does not have it
   */
  public static Answer promtool(String... arguments) {
    List<String> command =
        Stream.concat(Stream.of(require(TOOL).toString()), Stream.of(arguments)).toList();
    try {
      Programs.Result result = Programs.run(command);
      return new Answer(result.status(), result.output());
    } catch (IOException e) {
      throw new UncheckedIOException("promtool cannot be run", e);
    }
  }

  public static Path server() {
    return require(SERVER);
  }

  private static Path require(String program) {
    return Programs.onPath(program)
        .orElseThrow(
            () ->
                new MissingToolException(
                    "There is no program '%s' on the PATH; it comes with Debian's package prometheus."
                        .formatted(program)));
  }
}

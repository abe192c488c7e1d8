package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.embedded.tools.PostgresClientTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs PostgreSQL's client programs; what they print goes into one file.
 *
 * @param folder where the programs lie
 */
record ClientTools(Path folder, Path log) {

  /**
   * The machine's programs.
   *
   * @throws MissingToolException if they are missing or older than the server
   */
  static ClientTools find(int serverMajorVersion, Path log) {
    Path folder = PostgresClientTools.require(serverMajorVersion).folder();
    if (!Files.isExecutable(folder.resolve("psql"))) {
      throw new MissingToolException(
          "There is no psql beside pg_dump in %s. Install the package postgresql-client."
              .formatted(folder));
    }
    return new ClientTools(folder, log);
  }

  /** A command that begins with one of the programs. */
  List<String> command(String program, List<String> arguments) {
    return Stream.concat(Stream.of(folder.resolve(program).toString()), arguments.stream())
        .toList();
  }

  /**
   * Runs a program to its end.
   *
   * @throws BenchmarkException if it does not end with 0
   */
  void run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    requireSuccess(command, builder(command, environment).redirectOutput(toLog()).start());
  }

  /** Runs two programs at the same time, the second reading what the first writes. */
  void pipe(
      List<String> from,
      Map<String, String> fromEnvironment,
      List<String> to,
      Map<String, String> toEnvironment)
      throws IOException, InterruptedException {
    List<Process> both =
        ProcessBuilder.startPipeline(
            List.of(
                builder(from, fromEnvironment),
                builder(to, toEnvironment).redirectOutput(toLog())));
    try {
      requireSuccess(from, both.get(0));
      requireSuccess(to, both.get(1));
    } finally {
      both.forEach(Process::destroy);
    }
  }

  private ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(toLog());
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    return builder;
  }

  private ProcessBuilder.Redirect toLog() {
    return ProcessBuilder.Redirect.appendTo(log.toFile());
  }

  private void requireSuccess(List<String> command, Process process) throws InterruptedException {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new BenchmarkException(
            "%s ended with status %d; %s says why."
                .formatted(Path.of(command.get(0)).getFileName(), status, log));
      }
    } finally {
      process.destroy();
    }
  }
}

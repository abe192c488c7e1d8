package com.matih.tenantmigration.embedded.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that the machine brings, and what they answer. */
public final class Programs {

  private static final Path DEBIAN_POSTGRES = Path.of("/usr/lib/postgresql");

  private Programs() {}

  /**
   * How a short command ended.
   *
   * @param output what it printed on both streams, trimmed
   */
  public record Result(int status, String output) {}

  /** The first executable of that name on the PATH. */
  public static Optional<Path> onPath(String name) {
    return path()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Where PostgreSQL's programs may lie: the PATH, where pg_config says, then Debian's folders,
   * newest first.
   */
  public static List<Path> postgresFolders() {
    List<Path> folders = new ArrayList<>(path().toList());
    onPath("pg_config").ifPresent(program -> folders.add(bindir(program)));
    if (Files.isDirectory(DEBIAN_POSTGRES)) {
      try (Stream<Path> versions = Files.list(DEBIAN_POSTGRES)) {
        versions
            .filter(version -> version.getFileName().toString().matches("\\d+"))
            .sorted(
                Comparator.comparingInt(
                        (Path version) -> Integer.parseInt(version.getFileName().toString()))
                    .reversed())
            .map(version -> version.resolve("bin"))
            .forEach(folders::add);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + DEBIAN_POSTGRES, e);
      }
    }
    return folders;
  }

  /**
   * Runs a command that is known to end soon, its messages in English.
   *
   * @throws IOException if it cannot be started, or does not end within a minute
   */
  public static Result run(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new IOException(command.get(0) + " did not end within a minute");
      }
      return new Result(process.exitValue(), output.trim());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path bindir(Path pgConfig) {
    try {
      return Path.of(run(List.of(pgConfig.toString(), "--bindir")).output());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask " + pgConfig + " for its folder", e);
    }
  }

  private static Stream<Path> path() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator)).filter(part -> !part.isEmpty()).map(Path::of);
  }
}

package com.matih.tenantmigration.activities.postgres.programs;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds {@code pg_dump} and {@code pg_restore} on this machine: those on the PATH, or where they
 * are older than the servers, or a distribution's wrapper of them, the newest that packages put
 * beside it.
 */
public final class ClientPrograms {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  /**
   * From this version on, pg_restore sets transaction_timeout in each session, which older servers
   * do not know.
   */
  private static final int SETS_TRANSACTION_TIMEOUT = 17;

  private final List<Path> searchPath;
  private final List<Path> packageFolders;
  private final Duration patience;

  /** Looks where the process' environment and the distributions' packages say. */
  public ClientPrograms() {
    this(
        System.getenv().getOrDefault("PATH", ""),
        List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr")));
  }

  /** Looks elsewhere. */
  public ClientPrograms(String path, List<Path> packageRoots) {
    this(path, packageRoots, Duration.ofSeconds(10));
  }

  /**
   * Looks elsewhere.
   *
   * @param path folders, separated as in PATH
   * @param packageRoots folders that hold {@code <major>/bin} (Debian) or {@code pgsql-<major>/bin}
   *     (Red Hat)
   * @param patience how long a program may take to say its version
   */
  public ClientPrograms(String path, List<Path> packageRoots, Duration patience) {
    this.patience = patience;
    this.searchPath =
        List.of(path.split(Pattern.quote(File.pathSeparator))).stream()
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .toList();
    this.packageFolders =
        packageRoots.stream().flatMap(root -> newestFirst(root).stream()).toList();
  }

  /**
   * Both programs of one version.
   *
   * @param major PostgreSQL's major version
   */
  public record Programs(Path pgDump, Path pgRestore, int major) {

    /** Whether pg_restore sets transaction_timeout, in a script too. */
    public boolean setsTransactionTimeout() {
      return major >= SETS_TRANSACTION_TIMEOUT;
    }

    /**
     * Whether pg_restore can restore into a server by itself. An older one than the server can: the
     * manual of pg_dump promises that what it wrote can be loaded into newer servers.
     */
    public boolean restoreInto(int serverMajor) {
      return !setsTransactionTimeout() || serverMajor >= SETS_TRANSACTION_TIMEOUT;
    }
  }

  /**
   * The programs to use with a shared database of a major version: pg_dump refuses a server that is
   * newer than itself. The dedicated server is at least as new, so those that can restore into a
   * server of that version are preferred.
   *
   * @throws MigrationException of type TOOL_MISSING where there are none, or all are older
   */
  public Programs atLeast(int serverMajor) {
    Programs newest = null;
    Programs second = null;
    for (Path folder : folders()) {
      Optional<Programs> found = in(folder);
      if (found.isPresent()) {
        if (found.get().major() < serverMajor) {
          newest = newest == null || newest.major() < found.get().major() ? found.get() : newest;
        } else if (found.get().restoreInto(serverMajor)) {
          return found.get();
        } else if (second == null) {
          second = found.get();
        }
      }
    }
    if (second != null) {
      return second;
    }
    throw new MigrationException(
        FailureType.TOOL_MISSING,
        newest == null
            ? "The worker's machine has no pg_dump and pg_restore. Install the package"
                + " postgresql-client."
            : ("The worker's pg_dump has version %d and cannot dump a server of version"
                    + " %d. Install the package postgresql-client-%d.")
                .formatted(newest.major(), serverMajor, serverMajor));
  }

  /**
   * The folders in the order in which they are asked.
   *
   * <p>On Debian the PATH has a Perl script ({@code pg_wrapper}) that looks for clusters and then
   * starts the newest package's program. That costs more than the program's own start, eight times
   * a copy; so the packages it would look at are asked before it.
   */
  private List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    for (Path folder : searchPath) {
      if (isWrapper(folder.resolve("pg_dump"))) {
        folders.addAll(packageFolders);
      }
      folders.add(folder);
    }
    folders.addAll(packageFolders);
    return folders;
  }

  private static boolean isWrapper(Path program) {
    try {
      return Files.isSymbolicLink(program) && program.toRealPath().endsWith(Path.of("pg_wrapper"));
    } catch (IOException e) {
      // a link that leads nowhere is no program
      return false;
    }
  }

  private Optional<Programs> in(Path folder) {
    Path dump = folder.resolve("pg_dump");
    Path restore = folder.resolve("pg_restore");
    if (!Files.isExecutable(dump) || !Files.isExecutable(restore)) {
      return Optional.empty();
    }
    return majorVersion(dump).map(major -> new Programs(dump, restore, major));
  }

  private Optional<Integer> majorVersion(Path program) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true);
      ProgramEnvironment.limit(builder.environment());
      Process process = builder.start();
      try (ProgressMonitor.Registration registration =
          WorkScope.current().onCancel(process::destroyForcibly)) {
        process.getOutputStream().close();
        // the line fits into the pipe, so the program need not be read to end
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw silent(program);
        }
        WorkScope.current().throwIfCancelled();
        InputStream answer = process.getInputStream();
        Matcher version =
            VERSION.matcher(
                new String(answer.readNBytes(answer.available()), StandardCharsets.UTF_8));
        return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      // a file of that name that does not run is no pg_dump; the next folder may have one
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.CANCELLED, "The step was cancelled while it looked for pg_dump.", e);
    }
  }

  private MigrationException silent(Path program) {
    return new MigrationException(
        FailureType.TOOL_FAILED,
        "%s --version on the worker's machine did not end within %d s. Repair that program, or"
                .formatted(program, patience.toSeconds())
            + " remove it from the PATH.");
  }

  private static List<Path> newestFirst(Path root) {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        for (Path entry : entries) {
          if (number(entry) > 0) {
            folders.add(entry);
          }
        }
      } catch (IOException e) {
        // a folder that cannot be listed offers no programs
        return List.of();
      }
    }
    folders.sort(Comparator.comparingInt(ClientPrograms::number).reversed());
    return folders.stream().map(folder -> folder.resolve("bin")).toList();
  }

  private static int number(Path folder) {
    Matcher name =
        Pattern.compile("(?:pgsql-)?(\\d{1,3})").matcher(folder.getFileName().toString());
    return name.matches() ? Integer.parseInt(name.group(1)) : 0;
  }
}

package com.matih.tenantmigration.embedded.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The folder that holds the data and logs of servers started together, deleted once they all ended.
 *
 * <p>Deleting is the work of a small process beside this JVM, so it happens even when the JVM is
 * killed: that process reads a pipe, learns from it which processes to wait for, and acts at its
 * end.
 */
public final class ServerFolder implements AutoCloseable {

  /** Waits at most 15 s for what was started; those processes have guards that end them sooner. */
  private static final String REAPER =
      """
      trap '' INT HUP TERM
      folder=$1
      pids=' '
      keep=
      while read -r word value; do
        case $word in
          wait) pids="$pids$value " ;;
          ended) pids="${pids%% $value *} ${pids#* $value }" ;;
          keep) keep=yes ;;
        esac
      done
      runs() {
        kill -0 "$1" 2>/dev/null && ! grep -qs '^[^)]*) Z' "/proc/$1/stat"
      }
      ticks=0
      for pid in $pids; do
        while [ $ticks -lt 150 ] && runs "$pid"; do
          sleep 0.1
          ticks=$((ticks + 1))
        done
      done
      [ -z "$keep" ] || exit 0
      for attempt in 1 2 3 4 5; do
        rm -rf "$folder" 2>/dev/null && exit 0
        sleep 0.3
      done
      rm -rf "$folder"
      """;

  private final Path path;
  private final Path logs;
  private final Process reaper;
  private final OutputStream toReaper;
  private boolean closed;

  private ServerFolder(Path path) {
    this(path, path.resolve("logs"));
  }

  private ServerFolder(Path path, Path logs) {
    this.path = path;
    this.logs = logs;
    try {
      Files.createDirectories(logs());
      reaper =
          new ProcessBuilder(Detached.command("/bin/sh", "-c", REAPER, "reaper", path.toString()))
              .directory(path.getRoot().toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set up the servers' folder " + path, e);
    }
    toReaper = reaper.getOutputStream();
  }

  /** A new folder in the machine's place for temporary files, readable by this user alone. */
  public static ServerFolder temporary(String prefix) {
    try {
      return new ServerFolder(Files.createTempDirectory(prefix).toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary folder for servers", e);
    }
  }

  /**
   * A new folder as {@link #temporary(String)} makes one, but for the log files: they lie in a
   * folder of the caller's, which is created where it does not exist and stays.
   */
  public static ServerFolder temporary(String prefix, Path logs) {
    try {
      return new ServerFolder(
          Files.createTempDirectory(prefix).toRealPath(), logs.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary folder for servers", e);
    }
  }

  /**
   * The given folder, which must be absent or empty: it is deleted in the end.
   *
   * @throws IllegalArgumentException if there is something in it
   */
  public static ServerFolder at(Path folder) {
    try {
      Files.createDirectories(folder);
      try (var entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "the folder " + folder + " is not empty; name a new one for the servers");
        }
      }
      return new ServerFolder(folder.toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the servers' folder " + folder, e);
    }
  }

  /** The folder itself, an absolute path without links. */
  public Path path() {
    return path;
  }

  /** The folder of the log files, one a server. */
  public Path logs() {
    return logs;
  }

  /** Says that the folder is to stay when the servers have ended. */
  public void keep() {
    tell("keep yes");
  }

  /** Waits for the end of what was started in it and deletes it, unless it is to be kept. */
  @Override
  public void close() {
    try {
      synchronized (this) {
        closed = true;
        toReaper.close();
      }
      if (!reaper.waitFor(20, TimeUnit.SECONDS)) {
        reaper.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the servers' folder " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public Path log(String name) {
    return logs().resolve(name + ".log");
  }

  /** A folder of a server's own; the name is free of anything that a path would interpret. */
  public Path dataOf(String name) {
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "a server's name consists of a-z, 0-9 and '-', which " + name + " does not");
    }
    try {
      return Files.createDirectory(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a folder for " + name + " in " + path, e);
    }
  }

  void waitFor(ProcessHandle process) {
    tell("wait " + process.pid());
  }

  /** Keeps the process' id from being waited for when another process has got it. */
  synchronized void ended(ProcessHandle process) {
    if (!closed) {
      tell("ended " + process.pid());
    }
  }

  private synchronized void tell(String line) {
    try {
      toReaper.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      toReaper.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the process that deletes " + path + " is gone", e);
    }
  }
}

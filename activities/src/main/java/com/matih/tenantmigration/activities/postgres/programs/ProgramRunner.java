package com.matih.tenantmigration.activities.postgres.programs;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.failure.ToolFailures;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs PostgreSQL's client programs.
 *
 * <p>How to connect, the password above all, is in the program's environment and never among its
 * arguments, which everybody on the machine can read. A file for it would lie on the disk when the
 * worker is killed. Of the worker's own environment the program gets what {@link
 * ProgramEnvironment} lets through.
 */
public final class ProgramRunner {

  private static final Logger log = LoggerFactory.getLogger(ProgramRunner.class);

  private static final long POLL_MILLIS = 200;
  private static final long PATIENCE_SECONDS = 3;

  private ProgramRunner() {}

  /**
   * Runs a program to its end.
   *
   * @param doing what it is run for, such as "dump the schema shared_schema"
   * @throws MigrationException with the last lines of what it said where it does not end with 0, of
   *     a type that says whether that may pass; of type CANCELLED where the monitor said to stop
   */
  public static void run(
      List<String> command, Map<String, String> libpq, String doing, ProgressMonitor monitor) {
    run(command, libpq, Redirect.DISCARD, false, doing, monitor);
  }

  /** {@link #run(List, Map, String, ProgressMonitor)} with what it prints in a file. */
  public static void runInto(
      Path output,
      List<String> command,
      Map<String, String> libpq,
      String doing,
      ProgressMonitor monitor) {
    run(command, libpq, Redirect.to(output.toFile()), false, doing, monitor);
  }

  /** {@link #runInto} with what it complains about in the file too. */
  public static void runWithMessagesInto(
      Path output,
      List<String> command,
      Map<String, String> libpq,
      String doing,
      ProgressMonitor monitor) {
    run(command, libpq, Redirect.to(output.toFile()), true, doing, monitor);
  }

  private static void run(
      List<String> command,
      Map<String, String> libpq,
      Redirect output,
      boolean messagesToo,
      String doing,
      ProgressMonitor monitor) {
    monitor.throwIfCancelled();
    String program = program(command);
    Process process = start(command, libpq, output, messagesToo, program);
    LastLines complaints = LastLines.follow(process.getErrorStream(), program);
    Set<ProcessHandle> workers = ConcurrentHashMap.newKeySet();
    try (ProgressMonitor.Registration registration =
        monitor.onCancel(() -> stop(process, workers))) {
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        monitor.throwIfCancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MigrationException(
          FailureType.CANCELLED,
          "The step was cancelled while %s was running.".formatted(program),
          e);
    } finally {
      end(process, workers);
    }
    monitor.throwIfCancelled();
    if (process.exitValue() != 0) {
      throw ToolFailures.translate(
          program, doing, process.exitValue(), withoutSecret(complaints.text(), libpq));
    }
  }

  private static Process start(
      List<String> command,
      Map<String, String> libpq,
      Redirect output,
      boolean messagesToo,
      String program) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(output)
            .redirectErrorStream(messagesToo);
    Map<String, String> environment = builder.environment();
    ProgramEnvironment.limit(environment);
    environment.putAll(libpq);
    environment.put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new MigrationException(
          FailureType.TOOL_MISSING,
          "Cannot start %s on the worker's machine. Install the package postgresql-client."
              .formatted(program),
          e);
    }
  }

  /** Asks a program to stop; its workers are noted while they can be told to be its own. */
  private static void stop(Process process, Set<ProcessHandle> workers) {
    process.descendants().forEach(workers::add);
    process.destroy();
  }

  /**
   * The program asks its own workers to stop, and may have ended before them: each asks the server
   * first to cancel its statement, and waits for a silent one without end. What does not end is
   * ended the hard way.
   */
  private static void end(Process process, Set<ProcessHandle> workers) {
    if (process.isAlive()) {
      stop(process, workers);
    }
    List<ProcessHandle> all = new ArrayList<>(workers);
    all.add(process.toHandle());
    boolean interrupted = false;
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (ExecutionException | TimeoutException e) {
      log.info("a program did not stop within {} s and is killed", PATIENCE_SECONDS);
    }
    all.forEach(ProcessHandle::destroyForcibly);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String program(List<String> command) {
    Path name = Path.of(command.get(0)).getFileName();
    return name == null ? command.get(0) : name.toString();
  }

  private static String withoutSecret(String text, Map<String, String> libpq) {
    String password = libpq.getOrDefault("PGPASSWORD", "");
    return password.isEmpty() ? text : text.replace(password, "***");
  }
}

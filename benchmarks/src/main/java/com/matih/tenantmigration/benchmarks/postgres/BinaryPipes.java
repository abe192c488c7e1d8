package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that a copy can cost: the rows go from server to server through pipes, without a
 * snapshot or a check, and the same indexes are built.
 */
final class BinaryPipes implements Contender {

  /** The largest first. */
  private static final List<String> TABLES =
      List.of(
          "documents",
          "order_lines",
          "orders",
          "customers",
          "events_q1",
          "events_q2",
          "events_q3",
          "events_q4");

  private static final String WITHOUT_TENANT_COLUMN = "order_lines";

  private final SharedDatabase shared;
  private final ClientTools tools;

  BinaryPipes(SharedDatabase shared, ClientTools tools) {
    this.shared = shared;
    this.tools = tools;
  }

  @Override
  public String name() {
    return "psql pipes";
  }

  @Override
  public String targetSchema() {
    return shared.schema();
  }

  @Override
  public List<Step> steps(Database target, Path scratch) {
    return List.of(new Step(name(), false, () -> copy(target, scratch.resolve("schema.dump"))));
  }

  private void copy(Database target, Path archive) throws IOException, InterruptedException {
    tools.run(
        tools.command(
            "pg_dump",
            List.of(
                "--no-password",
                "--schema-only",
                "--format=custom",
                "--schema=" + shared.schema(),
                "--file=" + archive)),
        shared.database().environment());
    restore("pre-data", target, archive);
    copyRows(target);
    restore("post-data", target, archive);
  }

  private void restore(String section, Database target, Path archive)
      throws IOException, InterruptedException {
    tools.run(
        tools.command(
            "pg_restore",
            List.of(
                "--no-password",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                "--section=" + section,
                "--jobs=" + PostgresBenchmark.JOBS,
                "--dbname=" + target.name(),
                archive.toString())),
        target.environment());
  }

  private void copyRows(Database target) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(PostgresBenchmark.JOBS);
    try {
      List<Future<?>> pipes = new ArrayList<>();
      for (String table : TABLES) {
        pipes.add(
            threads.submit(
                () -> {
                  copyRows(table, target);
                  return null;
                }));
      }
      for (Future<?> pipe : pipes) {
        pipe.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BenchmarkException failure
          ? failure
          : new BenchmarkException("A pipe of psql could not be run.", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void copyRows(String table, Database target) throws IOException, InterruptedException {
    String name = shared.schema() + "." + table;
    tools.pipe(
        psql("COPY (%s) TO STDOUT (FORMAT binary)".formatted(query(table, name))),
        shared.database().environment(),
        psql("COPY %s FROM STDIN (FORMAT binary)".formatted(name)),
        target.environment());
  }

  private String query(String table, String name) {
    if (shared.settings().isolation() == Isolation.SCHEMA) {
      return "SELECT * FROM " + name;
    }
    return table.equals(WITHOUT_TENANT_COLUMN)
        ? "SELECT l.* FROM %s AS l JOIN %s.orders AS o ON o.id = l.order_id WHERE o.tenant_id = '%s'"
            .formatted(name, shared.schema(), shared.tenantKey())
        : "SELECT * FROM %s WHERE tenant_id = '%s'".formatted(name, shared.tenantKey());
  }

  private List<String> psql(String command) {
    return tools.command(
        "psql",
        List.of(
            "--no-psqlrc",
            "--no-password",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--command=" + command));
  }
}

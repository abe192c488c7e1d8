package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What PostgreSQL itself brings: {@code pg_dump} as a role that row security shows the tenant's
 * rows alone, or of the tenant's schema, and then {@code pg_restore}.
 */
final class DumpAndRestore implements Contender {

  private final SharedDatabase shared;
  private final ClientTools tools;

  DumpAndRestore(SharedDatabase shared, ClientTools tools) {
    this.shared = shared;
    this.tools = tools;
  }

  @Override
  public String name() {
    return "pg_dump, pg_restore";
  }

  @Override
  public String targetSchema() {
    return shared.schema();
  }

  @Override
  public List<Step> steps(Database target, Path scratch) {
    return List.of(new Step(name(), false, () -> copy(target, scratch.resolve("dump"))));
  }

  private void copy(Database target, Path dump) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    if (shared.settings().isolation() == Isolation.ROWS) {
      arguments.add("--enable-row-security");
    }
    arguments.addAll(
        List.of(
            "--no-password",
            "--format=directory",
            "--jobs=" + PostgresBenchmark.JOBS,
            "--compress=1",
            "--schema=" + shared.schema(),
            "--file=" + dump));
    tools.run(tools.command("pg_dump", arguments), shared.readerEnvironment());
    tools.run(
        tools.command(
            "pg_restore",
            List.of(
                "--no-password",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                "--jobs=" + PostgresBenchmark.JOBS,
                "--dbname=" + target.name(),
                dump.toString())),
        target.environment());
  }
}

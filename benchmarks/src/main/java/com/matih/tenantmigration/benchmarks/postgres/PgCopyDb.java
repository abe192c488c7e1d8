package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.embedded.process.Detached;
import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code pgcopydb}, which copies schemas whole, from server to server. */
final class PgCopyDb implements Contender {

  static final String NAME = "pgcopydb";

  private final Path program;
  private final SharedDatabase shared;
  private final ClientTools tools;

  private PgCopyDb(Path program, SharedDatabase shared, ClientTools tools) {
    this.program = program;
    this.shared = shared;
    this.tools = tools;
  }

  /** The machine's own; empty where it has none. */
  static Optional<Contender> find(SharedDatabase shared, ClientTools tools) {
    return Programs.onPath(NAME).map(program -> new PgCopyDb(program, shared, tools));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String targetSchema() {
    return shared.schema();
  }

  @Override
  public List<Step> steps(Database target, Path scratch) {
    return List.of(new Step(NAME, false, () -> copy(target, scratch)));
  }

  private void copy(Database target, Path scratch) throws IOException, InterruptedException {
    Path filters = scratch.resolve("filters.ini");
    Files.writeString(
        filters,
        shared.neighbours().stream().collect(Collectors.joining("\n", "[exclude-schema]\n", "\n")));
    // in an argument the passwords could be read with ps
    Map<String, String> environment = new HashMap<>();
    environment.put(
        "PGCOPYDB_SOURCE_PGURI", shared.database().server().uri(shared.database().name()));
    environment.put("PGCOPYDB_TARGET_PGURI", target.server().uri(target.name()));
    // when it fails it ends all processes of its group, which would be this one's
    tools.run(
        Detached.command(
            List.of(
                program.toString(),
                "clone",
                "--dir=" + scratch.resolve("work"),
                "--table-jobs=" + PostgresBenchmark.JOBS,
                "--index-jobs=" + PostgresBenchmark.JOBS,
                "--filters=" + filters,
                "--skip-large-objects",
                "--skip-extensions",
                "--no-owner",
                "--no-acl")),
        environment);
  }
}

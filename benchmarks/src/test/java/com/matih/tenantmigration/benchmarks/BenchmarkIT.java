package com.matih.tenantmigration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as a user runs it, with little data. */
class BenchmarkIT {

  private static final int ROWS = 4_000;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @Test
  void timesEveryWayToCopyTheRowsOfATenantAmongOthers() throws IOException {
    assertThat(run("--isolation", "rows")).as(errors.toString()).isZero();

    JsonNode results = results();
    requireFigures(results, "ours", "ours: checks", "pg_dump, pg_restore", "psql pipes");
    assertThat(results.at("/parameters/isolation").asText()).isEqualTo("rows");
    assertThat(results.at("/parameters/tenants").asInt()).isEqualTo(3);
    assertThat(out.toString())
        .contains("ours / pg_dump, pg_restore", "ours / psql pipes", "ours: checks / ours")
        .contains("Results: " + folder.resolve("benchmark.json"));
    assertThat(folder.resolve("benchmark.md")).content().contains("| ours / psql pipes |");
    assertThat(folder.resolve("logs/shared-postgres.log")).isNotEmptyFile();
  }

  @Test
  void timesEveryWayToCopyTheSchemaOfATenant() throws IOException {
    assertThat(run("--isolation", "schema")).as(errors.toString()).isZero();

    JsonNode results = results();
    List<String> contenders =
        new ArrayList<>(List.of("ours", "ours: checks", "pg_dump, pg_restore", "psql pipes"));
    JsonNode absent = results.get("absent");
    if (absent.isEmpty()) {
      contenders.add("pgcopydb");
    } else {
      assertThat(absent.at("/0/contender").asText()).isEqualTo("pgcopydb");
      assertThat(absent.at("/0/reason").asText()).isEqualTo("not installed");
      assertThat(out.toString()).contains("pgcopydb (not installed)");
    }
    requireFigures(results, contenders.toArray(String[]::new));
  }

  private int run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("postgres", "--rows=" + ROWS, "--tenants=3", "--rounds=1", "--dir=" + folder));
    arguments.addAll(List.of(more));
    return new CommandLine(new BenchmarkCommand(file -> {}))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments.toArray(String[]::new));
  }

  private JsonNode results() throws IOException {
    return new ObjectMapper().readTree(Files.readString(folder.resolve("benchmark.json")));
  }

  private static void requireFigures(JsonNode results, String... contenders) {
    assertThat(results.get("rounds"))
        .extracting(round -> round.get("contender").asText())
        .containsExactlyInAnyOrder(contenders);
    assertThat(results.get("medians")).hasSize(contenders.length);
    // each against ours, and our checks against our copy
    assertThat(results.get("ratios")).hasSize(contenders.length - 1);
    boolean linux = System.getProperty("os.name").equals("Linux");
    for (JsonNode round : results.get("rounds")) {
      assertThat(round.get("rows").asLong()).isEqualTo(ROWS);
      assertThat(round.get("wallSeconds").asDouble()).isPositive();
      assertThat(round.at("/processorSeconds/client").asDouble() > 0).isEqualTo(linux);
      assertThat(round.at("/processorSeconds/dedicatedServer").asDouble() > 0).isEqualTo(linux);
      boolean ours = round.get("contender").asText().startsWith("ours");
      assertThat(round.get("peakResidentBytes").asLong() > 0).isEqualTo(ours && linux);
    }
    JsonNode machine = results.get("machine");
    assertThat(machine.get("cores").asInt()).isPositive();
    assertThat(machine.get("memoryBytes").asLong()).isPositive();
    assertThat(machine.get("jdk").asText()).isNotEmpty();
    assertThat(machine.get("postgresql").asText()).isNotEmpty();
  }
}

package com.matih.tenantmigration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmarks of objects, records, documents and the cache, with little data. */
class StoreBenchmarkIT {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @Test
  void timesOursAndTheUsualWayInEachStore() throws IOException {
    int code =
        new CommandLine(new BenchmarkCommand(file -> {}))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(errors, true))
            .execute(
                "objects",
                "kafka",
                "elasticsearch",
                "redis",
                "--objects=40",
                "--records=2000",
                "--documents=500",
                "--keys=700",
                "--rounds=1",
                "--dir=" + folder);

    assertThat(code).as(errors.toString()).isZero();
    JsonNode results =
        new ObjectMapper().readTree(Files.readString(folder.resolve("benchmark.json")));
    assertThat(results)
        .extracting(one -> one.get("store").asText())
        .containsExactly("objects", "kafka", "elasticsearch", "redis");
    if (Programs.onPath("rclone").isPresent()) {
      requireRounds(results.get(0), 40, "GET and PUT", "rclone", "rclone: checks");
      assertThat(out.toString())
          .contains(
              "ours / rclone",
              "ours: checks / rclone: checks",
              "ours and ours: checks / rclone and rclone: checks");
    } else {
      requireFigures(results.get(0), 40, "GET and PUT");
      assertThat(out.toString()).contains("rclone (not installed)");
    }
    requireFigures(results.get(1), 200, "consumer and producer");
    requireFigures(results.get(2), 500, "scroll and bulk");
    requireFigures(results.get(3), 700, "Lettuce pipeline");
    assertThat(out.toString())
        .contains("ours / GET and PUT", "ours / consumer and producer")
        .contains("ours / scroll and bulk", "ours / Lettuce pipeline", "ours: checks / ours");
    assertThat(folder.resolve("benchmark.md")).content().contains("| ours / GET and PUT |");
  }

  private static void requireFigures(JsonNode results, long amount, String other) {
    requireRounds(results, amount, other);
    assertThat(results.get("medians")).hasSize(3);
    assertThat(results.get("ratios")).hasSize(2);
  }

  private static void requireRounds(JsonNode results, long amount, String... others) {
    assertThat(results.get("rounds"))
        .extracting(round -> round.get("contender").asText())
        .startsWith("ours", "ours: checks")
        .endsWith(others)
        .hasSize(2 + others.length);
    for (JsonNode round : results.get("rounds")) {
      assertThat(round.get("rows").asLong()).isEqualTo(amount);
      assertThat(round.get("wallSeconds").asDouble()).isPositive();
    }
  }
}

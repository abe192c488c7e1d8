package com.matih.tenantmigration.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command refuses before it starts anything. */
class BenchmarkCommandTest {

  private final StringWriter errors = new StringWriter();

  @Test
  void refusesAStoreWithoutBenchmarkAndSaysWhichHaveOne() {
    assertThat(run("postgres", "files")).isEqualTo(2);

    assertThat(errors.toString())
        .contains(
            "There is no benchmark of files.",
            "can be benchmarked: postgres, objects, kafka, elasticsearch, redis.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--rows=999",
        "--tenants=0",
        "--rounds=0",
        "--isolation=database",
        "--objects=0",
        "--records=99"
      })
  void refusesSizesThatMakeNoSense(String option) {
    assertThat(run(option)).isEqualTo(2);

    assertThat(errors.toString()).contains(option.substring(0, option.indexOf('=')));
  }

  private int run(String... arguments) {
    return new CommandLine(new BenchmarkCommand(file -> {}))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }
}

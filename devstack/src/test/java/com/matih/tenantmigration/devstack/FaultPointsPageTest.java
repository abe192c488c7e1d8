package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPointsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "faults.md");
  private static final Pattern NAME_IN_FIRST_CELL = Pattern.compile("`([A-Za-z-]+)`");

  @Test
  void everyActAndEveryStepHasItsLine() throws IOException {
    List<String> named =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| `"))
            .flatMap(
                line ->
                    NAME_IN_FIRST_CELL.matcher(line.substring(0, line.indexOf(" | "))).results())
            .map((MatchResult name) -> name.group(1))
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(DurableAct.values()).map(DurableAct::words),
                    Arrays.stream(Step.values()).map(Step::activity))
                .toList());
  }
}

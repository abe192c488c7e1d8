package com.matih.tenantmigration.workflow.log;

import static com.matih.tenantmigration.workflow.log.OperatorCommands.KEPT_AT_EACH_END;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.AcceptedCommand;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OperatorCommandsTest {

  @Test
  void allAreKeptWhileTheyAreFew() {
    assertThat(reasons(2 * KEPT_AT_EACH_END))
        .isEqualTo(IntStream.range(0, 2 * KEPT_AT_EACH_END).mapToObj(i -> "no. " + i).toList());
  }

  @Test
  void ofManyTheFirstAndTheLastAreKeptWithHowManyStandBetween() {
    List<String> reasons = reasons(1000);

    assertThat(reasons).hasSize(2 * KEPT_AT_EACH_END + 1).startsWith("no. 0").endsWith("no. 999");
    assertThat(reasons.get(KEPT_AT_EACH_END)).startsWith("960 more");
  }

  private static List<String> reasons(int count) {
    OperatorCommands commands = new OperatorCommands();
    for (int i = 0; i < count; i++) {
      commands.add(
          new AcceptedCommand(
              Instant.EPOCH, Phase.COPY, AcceptedCommand.Kind.PAUSE, "dana", "no. " + i));
    }
    return commands.all().stream().map(wish -> Objects.requireNonNull(wish.reason())).toList();
  }
}

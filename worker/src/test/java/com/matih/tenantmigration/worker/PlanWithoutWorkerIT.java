package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1) // it takes long
class PlanWithoutWorkerIT {

  @Test
  void aPlanThatNoWorkerTakesSaysSoWithinAMinuteAndLeavesNothingBehind(@TempDir Path folder)
      throws Exception {
    try (TestPlatform platform = new TestPlatform()) {
      platform.worker().close();
      String request = new OneTopic("left-alone", folder).request("automatic").toString();

      Answer plan = plan(platform, request);

      assertThat(plan.code()).as(plan.toString()).isEqualTo(1);
      assertThat(plan.errors())
          .contains("No worker started the plan", "task queue tenant-migration");
      assertThat(plan(platform, request).errors()).doesNotContain("is already being made");
    }
  }

  private static Answer plan(TestPlatform platform, String request) throws SQLException {
    Instant begin = Instant.now();
    Answer plan = platform.run("plan", "-f", request);
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofMinutes(1));
    return plan;
  }
}

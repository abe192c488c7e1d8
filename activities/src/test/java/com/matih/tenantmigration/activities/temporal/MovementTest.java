package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MovementTest {

  private final AtomicLong clock = new AtomicLong();
  private final Movement movement =
      new Movement(new Progress(0, -1, "", "CopyRows"), Duration.ofMinutes(20), clock::get);

  @Test
  void theSameReportOnceMoreIsNoProgress() {
    movement.update(new Progress(7, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(15));
    movement.update(new Progress(7, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(6));

    assertThat(movement.overdue()).contains("made no progress for 21 min, at: copying orders");
  }

  @Test
  void aHigherCountAnotherTextAndBytesAreProgress() {
    movement.update(new Progress(7, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(15));
    movement.update(new Progress(8, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(15));
    movement.update(new Progress(8, 10, "rows", "copying items"));
    pass(Duration.ofMinutes(15));
    movement.moved();
    pass(Duration.ofMinutes(15));

    assertThat(movement.overdue()).isEmpty();
  }

  @Test
  void everyStepHasALongestSilence() {
    assertThat(LongestSilence.of("CopyRows")).isEqualTo(Duration.ofMinutes(20));
    assertThat(LongestSilence.of("ReleaseFence")).isEqualTo(Duration.ofMinutes(5));
    assertThat(LongestSilence.of("OfALaterVersion")).isEqualTo(Duration.ofMinutes(20));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}

package com.matih.tenantmigration.activities.engine.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class PushBackTest {

  private static final class NotFound extends RuntimeException {}

  private static final class SlowDown extends RuntimeException {}

  private final PushBack pushBack = new PushBack("bucket");

  private String send(RuntimeException... answers) {
    Deque<RuntimeException> left = new ArrayDeque<>(Arrays.asList(answers));
    return pushBack.send(
        ProgressMonitor.unmonitored(),
        () -> {
          if (!left.isEmpty()) {
            throw left.remove();
          }
          return "answered";
        },
        answer -> false,
        SlowDown.class::isInstance,
        NotFound.class::isInstance);
  }

  @Test
  void anAnswerThatIsAFailureBringsRequestsBackToTheirPaceToo() {
    assertThat(send(new SlowDown())).isEqualTo("answered");
    for (int i = 0; i < 40; i++) {
      assertThatThrownBy(() -> send(new NotFound())).isInstanceOf(NotFound.class);
    }

    long begun = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(send()).isEqualTo("answered");
    }

    // the distance of requests that were pushed back once is a tenth of a second
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
  }
}

package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MovementTest {

  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final AtomicLong clock = new AtomicLong();
  private final Movement movement = new Movement(new Progress(0, -1, "", "CopyRows"), clock::get);

  @Test
  void theSameReportOnceMoreIsNoProgress() {
    movement.update(new Progress(7, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(15));
    movement.update(new Progress(7, 10, "rows", "copying orders"));
    pass(Duration.ofMinutes(6));

    assertThat(movement.isSilentFor(LIMIT)).isTrue();
    assertThat(movement.words()).isEqualTo("made no progress for 21 min, at: copying orders");
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

    assertThat(movement.isSilentFor(LIMIT)).isFalse();
  }

  @Test
  void everyStepHasALongestSilence() {
    assertThat(silence("CopyRows").answering()).isEqualTo(Duration.ofMinutes(20));
    assertThat(silence("ReleaseFence").answering()).isEqualTo(Duration.ofMinutes(5));
    assertThat(silence("OfALaterVersion").answering()).isEqualTo(Duration.ofMinutes(20));
  }

  /** What does not hold a read-only tenant up has the time of a step whose servers answer. */
  @Test
  void aServerThatDoesNotAnswerHoldsATenantUpForTheStoreTimeout() {
    assertThat(silence("CopyRows").unanswered()).isEqualTo(Duration.ofSeconds(45));
    assertThat(silence("ProvisionDatabase").unanswered()).isEqualTo(Duration.ofMinutes(5));
    assertThat(silence("ReleaseFence").unanswered()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void theAttemptsBeforeHaveUsedUpThatTime() {
    LongestSilence copying = silence("CopyRows");

    assertThat(copying.after(Duration.ofSeconds(30)).unanswered())
        .isEqualTo(Duration.ofSeconds(15));
    assertThat(copying.after(Duration.ofHours(1)).unanswered()).isEqualTo(Duration.ofSeconds(5));
    assertThat(copying.after(Duration.ofHours(1)).answering()).isEqualTo(Duration.ofMinutes(20));
    assertThat(silence("ReleaseFence").after(Duration.ofHours(1)).unanswered())
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aServerIsAskedBeforeTheStepIsGivenUpForIt() {
    assertThat(silence("CopyRows").askedAfter()).isEqualTo(Duration.ofSeconds(30));
    assertThat(silence("ReleaseFence").askedAfter()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aServerThatLeftAQuestionUnansweredCountsUntilTheWorkMoves() {
    Movement movement = new Movement(new Progress(0, -1, "", "copying"), System::nanoTime);

    movement.unanswered(true);
    assertThat(movement.isUnanswered()).isTrue();

    movement.moved();
    assertThat(movement.isUnanswered()).isFalse();
  }

  private static LongestSilence silence(String activity) {
    return LongestSilence.of(activity, Optional.of(Duration.ofSeconds(45)));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}

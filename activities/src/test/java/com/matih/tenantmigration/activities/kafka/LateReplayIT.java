package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An attempt at a replay that a later one overtakes, and that begins all the same. */
class LateReplayIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  private final KafkaFixture fixture = new KafkaFixture();
  private final MigrationContext context = fixture.context("reader");

  @BeforeEach
  void fillSharedTopic() {
    fixture.shared.createTopic(fixture.from, 1, Map.of());
    fixture.shared.sendMixed(fixture.from, 1, 45_000);
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anEarlierAttemptThatBeginsLastDoesNotDisturbTheLaterOne() {
    Attempt earlier = Attempt.next();
    AtomicBoolean tried = new AtomicBoolean();

    fixture.migration.replay(
        context,
        new Meanwhile(
            () -> {
              assertThatThrownBy(
                      () -> fixture.migration.replay(context, CancellableMonitor.of(earlier)))
                  .isInstanceOf(MigrationException.class)
                  .extracting("type")
                  .isEqualTo(FailureType.WRITER_SUPERSEDED);
              tried.set(true);
            }));

    assertThat(tried).isTrue();
    Finding finding =
        new RecordComparison(fixture.secrets, fixture.journal).compare(context, UNMONITORED);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(15_000);
  }

  /** Lets something happen once the first records are written. */
  private static final class Meanwhile implements ProgressMonitor {

    private final Attempt attempt = Attempt.next();
    private final Runnable action;
    private final AtomicBoolean done = new AtomicBoolean();

    Meanwhile(Runnable action) {
      this.action = action;
    }

    @Override
    public Attempt attempt() {
      return attempt;
    }

    @Override
    public void update(Progress progress) {
      if (progress.done() > 5_000 && done.compareAndSet(false, true)) {
        action.run();
      }
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Runnable onCancel) {
      return () -> {};
    }
  }
}

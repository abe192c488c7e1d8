package com.matih.tenantmigration.activities.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivityRunnerTest {

  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private BrokenSteps steps;

  @BeforeEach
  void open() {
    temporal.registerActivitiesImplementations(new Failing());
    steps =
        temporal.newActivityStub(
            BrokenSteps.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build());
  }

  @AfterEach
  void close() {
    temporal.close();
  }

  /** Rights and secrets may come back, and the tenant must not stay read-only for them. */
  @ParameterizedTest
  @CsvSource({
    "PERMISSION_DENIED, true",
    "SECRET_MISSING, true",
    "BAD_REQUEST, true",
    "STORE_ERROR, true",
    "CONFIGURATION_CONFLICT, false",
    "MIGRATION_ENDED, false"
  })
  void whatBringsATenantBackIsTriedAgainUnlessItsFailureIsDefinite(
      FailureType type, boolean triedAgain) {
    assertThatExceptionOfType(ActivityFailure.class)
        .isThrownBy(() -> steps.releaseFence(type))
        .havingCause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo(type.name());
              assertThat(failure.isNonRetryable()).isEqualTo(!triedAgain);
            });
  }

  @ParameterizedTest
  @EnumSource(FailureType.class)
  void anyOtherStepIsTriedAgainAsItsFailureSays(FailureType type) {
    assertThatExceptionOfType(ActivityFailure.class)
        .isThrownBy(() -> steps.copyRows(type))
        .havingCause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.isNonRetryable()).isEqualTo(!type.retryable()));
  }

  /** Two steps that fail as they are told. */
  @ActivityInterface
  public interface BrokenSteps {

    @ActivityMethod(name = "ReleaseFence")
    void releaseFence(FailureType type);

    @ActivityMethod(name = "CopyRows")
    void copyRows(FailureType type);
  }

  /** Fails in the engine. */
  public static final class Failing implements BrokenSteps {

    @Override
    public void releaseFence(FailureType type) {
      fail(type);
    }

    @Override
    public void copyRows(FailureType type) {
      fail(type);
    }

    private static void fail(FailureType type) {
      ActivityRunner.run(
          "0123456789ab",
          "acme",
          monitor -> {
            throw new MigrationException(type, "it broke");
          });
    }
  }
}

package com.matih.tenantmigration.workflow.temporal;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.report.Failure;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what Temporal throws into the workflow. */
public final class Failures {

  private Failures() {}

  public static boolean isCancellation(Throwable thrown) {
    return thrown instanceof CanceledFailure
        || (thrown instanceof ActivityFailure && thrown.getCause() instanceof CanceledFailure);
  }

  /** Whether the migration had ended before this run, which then has nothing to do any more. */
  public static boolean saysEnded(Throwable thrown) {
    return type(thrown) == FailureType.MIGRATION_ENDED;
  }

  /** Whether the same work may succeed when it is tried again. */
  public static boolean mayPass(Throwable thrown) {
    return type(thrown).retryable();
  }

  /** The failure as the report tells it. */
  public static Failure describe(Phase phase, Throwable thrown) {
    return new Failure(phase, type(thrown), message(thrown));
  }

  public static FailureType type(Throwable thrown) {
    Throwable reason = reason(thrown);
    if (reason instanceof ApplicationFailure failure) {
      return Arrays.stream(FailureType.values())
          .filter(type -> type.name().equals(failure.getType()))
          .findFirst()
          .orElse(FailureType.UNEXPECTED);
    }
    if (reason instanceof CanceledFailure) {
      return FailureType.CANCELLED;
    }
    return reason instanceof TimeoutFailure
        ? FailureType.STORE_UNREACHABLE
        : FailureType.UNEXPECTED;
  }

  public static String message(Throwable thrown) {
    Throwable reason = reason(thrown);
    if (reason instanceof ApplicationFailure failure) {
      return failure.getOriginalMessage();
    }
    if (reason instanceof TimeoutFailure timeout) {
      String activity =
          thrown instanceof ActivityFailure a ? Step.wordsFor(a.getActivityType()) : "an activity";
      return switch (timeout.getTimeoutType()) {
        case TIMEOUT_TYPE_HEARTBEAT, TIMEOUT_TYPE_SCHEDULE_TO_START ->
            ("The worker of the step '%s' stopped responding (%s). Check that a"
                    + " worker is running, and read the end of its log: it may have run out of"
                    + " memory (exit code 3).")
                .formatted(activity, timeout.getTimeoutType());
        case TIMEOUT_TYPE_START_TO_CLOSE,
            TIMEOUT_TYPE_SCHEDULE_TO_CLOSE,
            TIMEOUT_TYPE_UNSPECIFIED,
            UNRECOGNIZED ->
            "The step '%s' timed out (%s). Check that the store it works on answers."
                .formatted(activity, timeout.getTimeoutType());
      };
    }
    return String.valueOf(reason.getMessage());
  }

  private static Throwable reason(Throwable thrown) {
    @Nullable Throwable cause = thrown instanceof ActivityFailure ? thrown.getCause() : thrown;
    return cause == null ? thrown : cause;
  }
}

package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import java.io.IOException;
import java.util.Optional;

/** Turns what a Redis or its client reports into what an operator can read. */
final class RedisFailures {

  private RedisFailures() {}

  /**
   * The failure, retryable but for missing rights. Of a Redis' own words the first alone is kept,
   * its code: the rest can hold an argument, and a client's message an address.
   *
   * @param cache the Redis as messages name it, such as "shared Redis"
   * @param attempted what was attempted, such as "warm keys"
   */
  static MigrationException translate(String cache, String attempted, Throwable e) {
    Optional<String> code = answeredCode(e);
    if (code.isPresent()) {
      return answered(cache, attempted, code.get(), e);
    }
    if (e instanceof RedisConnectionException) {
      return new MigrationException(
          FailureType.STORE_UNREACHABLE,
          "The %s could not be reached (%s). Check that it runs and that the worker may connect to it."
              .formatted(cache, e.getClass().getSimpleName()),
          e);
    }
    boolean unreachable =
        e instanceof RedisCommandTimeoutException
            || e.getCause() instanceof IOException
            || e instanceof IOException;
    return new MigrationException(
        unreachable ? FailureType.STORE_UNREACHABLE : FailureType.STORE_ERROR,
        "The %s could not be reached to %s, or broke the connection (%s). Check that it runs and that the worker may connect to it."
            .formatted(cache, attempted, e.getClass().getSimpleName()),
        e);
  }

  private static MigrationException answered(
      String cache, String attempted, String code, Throwable e) {
    return switch (code) {
      case "NOAUTH", "WRONGPASS", "NOPERM" ->
          new MigrationException(
              FailureType.PERMISSION_DENIED,
              "The %s refused us to %s (%s). Check the user and password in the request's URI, and the user's rights."
                  .formatted(cache, attempted, code),
              e);
      case "OOM" ->
          new MigrationException(
              FailureType.STORE_ERROR,
              "The %s is full and could not %s. Raise its maxmemory, or warm fewer keys."
                  .formatted(cache, attempted),
              e);
      default ->
          new MigrationException(
              FailureType.STORE_ERROR,
              "The %s did not %s (%s). Its log tells more.".formatted(cache, attempted, code),
              e);
    };
  }

  /** The code of an error that the Redis itself answered with. */
  private static Optional<String> answeredCode(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException && cause.getMessage() != null) {
        return Optional.of(cause.getMessage().split(" ", 2)[0]);
      }
    }
    return Optional.empty();
  }
}

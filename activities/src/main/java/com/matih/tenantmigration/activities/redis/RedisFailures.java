package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.secrets.TlsProblem;
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
   * The failure, of a type that {@link RedisErrors} decides. Of a Redis' own words the first alone
   * is kept, its code, and the name of a command that is denied: the rest can hold an argument, and
   * a client's message an address.
   *
   * @param cache the Redis as messages name it, such as "shared Redis"
   * @param attempted what was attempted, such as "warm keys"
   */
  static MigrationException translate(String cache, String attempted, Throwable e) {
    Optional<String> text = answeredText(e);
    if (text.isPresent()) {
      return answered(cache, attempted, text.get(), e);
    }
    Optional<TlsProblem> tls = TlsProblem.of(e, "caFile beside the uri");
    if (tls.isPresent()) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          "Cannot connect to the %s: %s. %s".formatted(cache, tls.get().why(), tls.get().remedy()),
          e);
    }
    if (e instanceof RedisConnectionException) {
      return new MigrationException(
          FailureType.STORE_UNREACHABLE,
          ("Cannot connect to the %s (%s). Check that it is running, that the"
                  + " worker may connect to it, and whether it expects redis or rediss.")
              .formatted(cache, e.getClass().getSimpleName()),
          e);
    }
    boolean unreachable =
        e instanceof RedisCommandTimeoutException
            || e.getCause() instanceof IOException
            || e instanceof IOException;
    return new MigrationException(
        unreachable ? FailureType.STORE_UNREACHABLE : FailureType.STORE_ERROR,
        ("Cannot connect to the %s to %s, or the connection broke (%s). Check that it"
                + " is running and that the worker may connect to it.")
            .formatted(cache, attempted, e.getClass().getSimpleName()),
        e);
  }

  private static MigrationException answered(
      String cache, String attempted, String text, Throwable e) {
    String code = RedisErrors.code(text);
    FailureType type = RedisErrors.typeOf(text);
    String denied =
        RedisErrors.deniedCommand(text).map(command -> ": no right to run " + command).orElse("");
    String failed = "The %s did not %s (%s%s). ".formatted(cache, attempted, code, denied);
    return new MigrationException(type, failed + remedy(type, code), e);
  }

  private static String remedy(FailureType type, String code) {
    if (code.equals("OOM")) {
      return "Its memory is full. Raise its maxmemory or warm fewer keys, and start the migration"
          + " again.";
    }
    if (code.equals("MISCONF")) {
      return "It cannot save to its disk. Free disk space, and start the migration again.";
    }
    if (type == FailureType.PERMISSION_DENIED) {
      return "Check the user and password in the request's URI, and the user's rights.";
    }
    if (type == FailureType.BAD_REQUEST) {
      return "It is a node of a cluster, or too old. Name a Redis that is not clustered.";
    }
    return type.retryable()
        ? "See its log."
        : "Retrying cannot help. Correct the loader of this key, and start the migration again.";
  }

  /** What the Redis itself answered; may hold an argument, so it goes no further than its code. */
  private static Optional<String> answeredText(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException && cause.getMessage() != null) {
        return Optional.of(cause.getMessage());
      }
    }
    return Optional.empty();
  }
}

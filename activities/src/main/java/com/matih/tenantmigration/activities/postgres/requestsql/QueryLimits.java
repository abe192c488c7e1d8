package com.matih.tenantmigration.activities.postgres.requestsql;

import java.time.Duration;

/**
 * How long a request's query may take.
 *
 * @param statement how long the server may work on it at a time: until it has planned it, and until
 *     it has found the next rows of its answer
 * @param answer how long its whole answer may take to be read
 */
public record QueryLimits(Duration statement, Duration answer) {

  /** While a plan looks at it. */
  public static final QueryLimits PLAN =
      new QueryLimits(Duration.ofSeconds(30), Duration.ofSeconds(30));

  /** While a verification runs it on both sides. */
  public static final QueryLimits VERIFICATION =
      new QueryLimits(Duration.ofMinutes(5), Duration.ofMinutes(15));

  /** While the cache is warmed from it. */
  public static final QueryLimits LOADER =
      new QueryLimits(Duration.ofMinutes(5), Duration.ofHours(1));
}

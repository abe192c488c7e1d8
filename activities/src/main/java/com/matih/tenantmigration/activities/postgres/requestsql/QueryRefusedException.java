package com.matih.tenantmigration.activities.postgres.requestsql;

/** A text of a request that is not run: why, and what to do about it. */
public final class QueryRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String remedy;

  /**
   * A refusal.
   *
   * @param reason a predicate whose subject is the query, without a full stop
   * @param remedy what to do, a sentence
   */
  public QueryRefusedException(String reason, String remedy) {
    super(reason);
    this.reason = reason;
    this.remedy = remedy;
  }

  /** A predicate whose subject is the query, without a full stop. */
  public String reason() {
    return reason;
  }

  /** What to do, a sentence. */
  public String remedy() {
    return remedy;
  }
}

package com.matih.tenantmigration.workflow.request;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that was read: the record where it has no problem, else every problem. */
public final class RequestReading {

  private final @Nullable MigrationRequest request;
  private final List<RequestProblem> problems;

  RequestReading(@Nullable MigrationRequest request, List<RequestProblem> problems) {
    this.request = problems.isEmpty() ? request : null;
    this.problems = List.copyOf(problems);
  }

  /** The request; empty where there is a problem. */
  public Optional<MigrationRequest> request() {
    return Optional.ofNullable(request);
  }

  /** Every problem; empty where there is a request. */
  public List<RequestProblem> problems() {
    return problems;
  }
}

package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that was read: the record where it has no problem, else every problem. */
public final class RequestReading {

  private final @Nullable MigrationRequest readable;
  private final List<RequestProblem> problems;
  private final boolean saysMode;

  RequestReading(
      @Nullable MigrationRequest request, List<RequestProblem> problems, boolean saysMode) {
    this.readable = request;
    this.problems = List.copyOf(problems);
    this.saysMode = saysMode;
  }

  /** The request; empty where there is a problem. */
  public Optional<MigrationRequest> request() {
    return problems.isEmpty() ? readable() : Optional.empty();
  }

  /** What could be read of the request, whatever its problems; empty where it is no record. */
  public Optional<MigrationRequest> readable() {
    return Optional.ofNullable(readable);
  }

  /** Whether the request says in which mode it is meant. */
  public boolean saysMode() {
    return saysMode;
  }

  /** Every problem; empty where there is a request. */
  public List<RequestProblem> problems() {
    return problems;
  }
}

package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import java.util.List;
import java.util.stream.Collectors;

/** A request that cannot be carried out as it is written; it names every problem. */
public final class InvalidRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // records of texts in an immutable list
  private final List<RequestProblem> problems;

  public InvalidRequestException(List<RequestProblem> problems) {
    super(
        problems.stream()
            .map(problem -> "  " + problem)
            .collect(
                Collectors.joining(
                    "\n",
                    "The request has %d %s:\n"
                        .formatted(problems.size(), problems.size() == 1 ? "problem" : "problems"),
                    "")));
    this.problems = List.copyOf(problems);
  }

  public List<RequestProblem> problems() {
    return problems;
  }
}

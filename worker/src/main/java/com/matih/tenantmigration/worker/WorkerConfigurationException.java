package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.workflow.input.InputProblem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that a worker cannot start with; it names every problem. */
public final class WorkerConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WorkerConfigurationException(String file, List<InputProblem> problems) {
    super(describe(file, problems));
  }

  private static String describe(String file, List<InputProblem> problems) {
    return problems.stream()
        .map(
            problem ->
                "  %s %s. %s"
                    .formatted(
                        problem.path().isEmpty() ? "the file" : problem.path(),
                        problem.problem(),
                        problem.remedy()))
        .collect(
            Collectors.joining(
                "\n",
                "The worker's configuration %s has %d %s:\n"
                    .formatted(
                        file, problems.size(), problems.size() == 1 ? "problem" : "problems"),
                ""));
  }
}

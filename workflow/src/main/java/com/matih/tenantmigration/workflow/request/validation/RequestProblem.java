package com.matih.tenantmigration.workflow.request.validation;

/**
 * One reason why a request cannot be carried out as it is written. Never holds a value that could
 * be a secret.
 *
 * @param path where, as in {@code kafka.topics[0].from}; empty for the whole request
 * @param problem what is wrong
 * @param remedy what to write instead
 */
public record RequestProblem(String path, String problem, String remedy) {

  /** For people, in one line. */
  @Override
  public String toString() {
    return (path.isEmpty() ? "the request" : path) + " " + problem + ". " + remedy;
  }
}

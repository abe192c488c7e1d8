package com.matih.tenantmigration.activities.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.util.Locale;

/** Turns what a cluster or its client reports into what an operator can read. */
final class ElasticsearchFailures {

  private static final int LONGEST_REASON = 300;

  private ElasticsearchFailures() {}

  /**
   * The failure for an answer with an error status: 401 and 403 are missing rights, 429 and 5xx may
   * pass, and 400 says that the cluster cannot take what it was given.
   *
   * @param cluster the cluster as messages name it, such as "shared cluster"
   * @param attempted what was attempted, such as "create index queries"
   */
  static MigrationException translate(String cluster, String attempted, Answer answer) {
    FailureType type = typeOf(answer);
    return new MigrationException(
        type,
        "Elasticsearch's %s did not %s (HTTP %d, %s). %s"
            .formatted(cluster, attempted, answer.status(), reason(answer), remedy(type)));
  }

  /** The failure for a connection that could not be made, or that broke. */
  static MigrationException translate(String cluster, String attempted, IOException e) {
    return new MigrationException(
        FailureType.STORE_UNREACHABLE,
        "Elasticsearch's %s could not be reached to %s (%s). Check that it runs and that the worker may connect to it."
            .formatted(cluster, attempted, e.getClass().getSimpleName()),
        e);
  }

  private static FailureType typeOf(Answer answer) {
    // a block, such as a full disk's, is a 403 that has nothing to do with rights and may be lifted
    if (answer.status() == 403 && errorType(answer).equals("cluster_block_exception")) {
      return FailureType.STORE_ERROR;
    }
    return switch (answer.status()) {
      case 401, 403 -> FailureType.PERMISSION_DENIED;
      case 400, 413 -> FailureType.NOT_MOVABLE;
      default -> FailureType.STORE_ERROR;
    };
  }

  private static String remedy(FailureType type) {
    if (type == FailureType.PERMISSION_DENIED) {
      return "Name an apiKey in the request, or a user in its URL, that has the rights that docs/operations.md"
          + " lists.";
    }
    if (type == FailureType.NOT_MOVABLE) {
      return "Change what the cluster names, or leave the index out.";
    }
    return "The cluster's log tells more.";
  }

  /** What the cluster says is wrong, without what could be a document's content. */
  static String reason(Answer answer) {
    try {
      JsonNode error = answer.json().path("error");
      return error.isTextual() ? shorten(error.asText()) : describe(error);
    } catch (IllegalStateException e) {
      return "no reason given";
    }
  }

  /** An error object of an answer as a short text. */
  static String describe(JsonNode error) {
    JsonNode deepest = error;
    while (deepest.path("caused_by").isObject()) {
      deepest = deepest.path("caused_by");
    }
    String text = error.path("type").asText("unknown error");
    String reason = deepest.path("reason").asText("");
    return reason.isEmpty() ? text : shorten(text + ": " + reason);
  }

  private static String errorType(Answer answer) {
    try {
      return answer.json().path("error").path("type").asText("").toLowerCase(Locale.ROOT);
    } catch (IllegalStateException e) {
      return "";
    }
  }

  private static String shorten(String text) {
    int preview = text.indexOf("Preview of field's value");
    String safe = preview < 0 ? text : text.substring(0, preview).strip();
    return safe.length() <= LONGEST_REASON ? safe : safe.substring(0, LONGEST_REASON) + "…";
  }
}

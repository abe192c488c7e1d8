package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.secrets.TlsProblem;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what a cluster or its client reports into what an operator can read. */
public final class ElasticsearchFailures {

  /** What to do about a block on writes. */
  static final String BLOCKED =
      "Its writes are blocked, by index.blocks or by a disk beyond its flood stage. Free disk space"
          + " or remove the block, and start the migration again.";

  private static final int LONGEST_REASON = 300;

  /** What begins a value of a document in a reason. */
  private static final Pattern VALUE =
      Pattern.compile(
          "(?s)(Preview of field's value|The prefix of the first|For input string|failed to parse"
              + " date field|Could not parse|original message).*");

  private static final Pattern WINDOW =
      Pattern.compile("Result window is too large.*?less than or equal to: \\[(\\d+)]");

  private ElasticsearchFailures() {}

  /**
   * The failure for an answer with an error status, of a type that {@link ErrorTypes} decides.
   *
   * @param cluster the cluster as messages name it, such as "shared cluster"
   * @param attempted what was attempted, such as "create index queries"
   */
  public static MigrationException translate(String cluster, String attempted, Answer answer) {
    FailureType type = typeOf(answer);
    return new MigrationException(
        type,
        "Elasticsearch's %s did not %s (HTTP %d, %s). %s"
            .formatted(cluster, attempted, answer.status(), reason(answer), remedy(type)));
  }

  /** The failure for a connection that could not be made, or that broke. */
  public static MigrationException translate(String cluster, String attempted, IOException e) {
    Optional<TlsProblem> tls = TlsProblem.of(e, "caFile beside the cluster's url");
    if (tls.isPresent()) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          "Elasticsearch's %s could not be reached to %s: %s. %s"
              .formatted(cluster, attempted, tls.get().why(), tls.get().remedy()),
          e);
    }
    return new MigrationException(
        FailureType.STORE_UNREACHABLE,
        ("Elasticsearch's %s could not be reached to %s (%s). Check that it runs,"
                + " that the worker may connect to it, and whether it expects http or https.")
            .formatted(cluster, attempted, e.getClass().getSimpleName()),
        e);
  }

  private static FailureType typeOf(Answer answer) {
    return ErrorTypes.typeOf(answer.status(), errorType(answer));
  }

  /** Whether the answer is a block on writes, which a pause does not lift. */
  static boolean isBlock(Answer answer) {
    return ErrorTypes.isBlock(answer.status(), errorType(answer));
  }

  /** Whether the request, or its answer, is larger than the cluster has memory for now. */
  static boolean isTooMuch(Answer answer) {
    return answer.status() == 413 || says(answer, "circuit_breaking_exception");
  }

  /** How many documents one search may ask for, where it asked for more than the index allows. */
  static OptionalInt resultWindow(Answer answer) {
    if (answer.status() != 400) {
      return OptionalInt.empty();
    }
    Matcher window = WINDOW.matcher(new String(answer.bytes(), StandardCharsets.UTF_8));
    return window.find() ? OptionalInt.of(Integer.parseInt(window.group(1))) : OptionalInt.empty();
  }

  /** The type may stand in a cause, or in the failure of a shard. */
  private static boolean says(Answer answer, String type) {
    return answer.isError()
        && new String(answer.bytes(), StandardCharsets.UTF_8).contains("\"" + type + "\"");
  }

  private static String remedy(FailureType type) {
    return switch (type) {
      case PERMISSION_DENIED ->
          "Name an apiKey in the request, or a user in its URL, that has the rights that"
              + " docs/operations.md lists.";
      case STORE_BLOCKED -> BLOCKED;
      case NOT_MOVABLE -> "Change what the cluster names, or leave the index out.";
      case SOURCE_CHANGED -> "Find out who removed it, and start the migration again.";
      default -> "See the cluster's log.";
    };
  }

  /** What the cluster says is wrong, without what could be a document's content. */
  public static String reason(Answer answer) {
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

  /**
   * Why a document was refused: the outermost reason, which names fields. Those below it quote
   * values.
   */
  static String describeDocument(JsonNode error) {
    String text = error.path("type").asText("unknown error");
    String reason = error.path("reason").asText("");
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
    String safe = VALUE.matcher(text).replaceFirst("").strip();
    return safe.length() <= LONGEST_REASON ? safe : safe.substring(0, LONGEST_REASON) + "…";
  }
}

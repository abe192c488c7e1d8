package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents of one bulk request that a cluster refused for good, the first ones by name. */
final class BulkErrors {

  private static final int NAMED = 5;

  private final String cluster;
  private final String index;
  private final List<String> named = new ArrayList<>();
  private int count;
  private @Nullable FailureType type;

  BulkErrors(String cluster, String index) {
    this.cluster = cluster;
    this.index = index;
  }

  void add(Hit hit, int status, JsonNode error) {
    count++;
    FailureType found = typeOf(status, error);
    if (type == null || (type.retryable() && !found.retryable())) {
      type = found;
    }
    if (named.size() < NAMED) {
      named.add(hit.id() + " (" + explain(status, error) + ")");
    }
  }

  /**
   * Ends the work where a document was refused.
   *
   * @throws MigrationException by the first one that is refused for good
   */
  void throwIfAny() {
    if (type != null) {
      throw new MigrationException(
          type,
          "Elasticsearch's %s refused %s of index %s: %s.%s"
              .formatted(
                  cluster,
                  Units.plural(count, "document"),
                  index,
                  String.join("; ", named),
                  remedy(type)));
    }
  }

  private static String remedy(FailureType type) {
    return switch (type) {
      case STORE_BLOCKED -> " " + ElasticsearchFailures.BLOCKED;
      case NOT_MOVABLE ->
          " Retrying cannot help. Correct them or the mapping of the index, and start the migration"
              + " again.";
      default -> "";
    };
  }

  private static FailureType typeOf(int status, JsonNode error) {
    return switch (status) {
      // the alias is taken by a newer attempt, or away before the index is rolled back
      case 404 -> FailureType.WRITER_SUPERSEDED;
      case 409 -> FailureType.CONTENT_MISMATCH;
      default -> ErrorTypes.typeOf(status, error.path("type").asText(""));
    };
  }

  private static String explain(int status, JsonNode error) {
    return switch (status) {
      case 404 ->
          "the write alias is gone: a newer attempt has taken over, or this migration's indices are"
              + " being removed";
      case 409 ->
          "it has a higher version there than in the shared cluster: somebody else writes to the"
              + " index";
      default -> ElasticsearchFailures.describeDocument(error);
    };
  }
}

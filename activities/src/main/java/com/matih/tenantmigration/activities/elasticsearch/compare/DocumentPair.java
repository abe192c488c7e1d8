package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import java.util.Objects;
import java.util.Optional;

/** Says in what a document of the dedicated index differs from the one of the shared index. */
public final class DocumentPair {

  private DocumentPair() {}

  /** The difference as a predicate, such as "is missing"; empty where there is none. */
  public static Optional<String> difference(Hit expected, Hit actual) {
    if (!actual.isFound()) {
      return Optional.of("is missing");
    }
    if (!Objects.equals(expected.routing(), actual.routing())) {
      return Optional.of("has a different routing");
    }
    if (!SourceContent.same(expected, actual)) {
      return Optional.of("has different content");
    }
    return expected.version() == actual.version()
        ? Optional.empty()
        : Optional.of(
            "has version %d instead of %d".formatted(actual.version(), expected.version()));
  }
}

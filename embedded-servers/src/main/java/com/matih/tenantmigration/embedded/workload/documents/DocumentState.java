package com.matih.tenantmigration.embedded.workload.documents;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a document is at one moment.
 *
 * @param version -1 where it is not known
 */
public record DocumentState(JsonNode source, long version) {

  /** Whose document it is. */
  public String tenant() {
    return source.path(DocumentIndex.TENANT_FIELD).asText();
  }
}

package com.matih.tenantmigration.embedded.workload.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What a {@link DocumentWorkload} was acknowledged. It can be read while the workload goes on. */
public final class DocumentJournal {

  private final Map<DocumentKey, DocumentState> documents = new HashMap<>();
  private final Map<DocumentWrite, Integer> acknowledged = new EnumMap<>(DocumentWrite.class);

  DocumentJournal() {}

  /** What each document was last acknowledged to be; a deleted one is not among them. */
  public synchronized Map<DocumentKey, DocumentState> documents() {
    return Map.copyOf(documents);
  }

  /** How many writes of each kind were acknowledged. */
  public synchronized Map<DocumentWrite, Integer> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /** How many writes were acknowledged. */
  public synchronized int acknowledgedCount() {
    return acknowledged.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized void written(DocumentWrite kind, DocumentKey key, JsonNode source) {
    documents.put(key, new DocumentState(source, -1));
    acknowledged.merge(kind, 1, Integer::sum);
  }

  synchronized void deleted(DocumentKey key) {
    documents.remove(key);
    acknowledged.merge(DocumentWrite.DELETE, 1, Integer::sum);
  }
}

package com.matih.tenantmigration.embedded.workload.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One session of a {@link DocumentWorkload}, which alone writes its documents. */
final class DocumentSession {

  private static final List<String> ROUTINGS = List.of("", "", "red", "green", "blue");

  /** Until a deletion is forgotten for certain by an index that forgets it at once. */
  private static final long FORGOTTEN_NANOS = 600_000_000L;

  private static final int MOST_DELETED = 50;

  private final DocumentIndex index;
  private final String tenant;
  private final String neighbour;
  private final String name;
  private final Random random;
  private final DocumentJournal journal;
  private final List<DocumentKey> keys = new ArrayList<>();
  private final Map<DocumentKey, ObjectNode> sources = new HashMap<>();
  private final Deque<Deleted> deleted = new ArrayDeque<>();
  private int number;

  private record Deleted(DocumentKey key, long at) {}

  DocumentSession(
      DocumentIndex index,
      String tenant,
      String neighbour,
      String name,
      long seed,
      DocumentJournal journal) {
    this.index = index;
    this.tenant = tenant;
    this.neighbour = neighbour;
    this.name = name;
    this.random = new Random(seed);
    this.journal = journal;
  }

  String name() {
    return name;
  }

  long pause(int mostMillis) {
    return random.nextInt(mostMillis + 1);
  }

  /** Does one write. */
  void write() {
    int dice = random.nextInt(100);
    if (keys.size() < 5 || dice < 20) {
      create();
    } else if (dice < 40) {
      index(DocumentWrite.OVERWRITE, anyKey(), source());
    } else if (dice < 55) {
      update();
    } else if (dice < 70) {
      delete();
    } else if (dice < 80) {
      createAgain();
    } else if (dice < 90) {
      give();
    } else if (dice < 97) {
      bulk();
    } else {
      var unused = index.send("POST", "/_refresh", "").requireSuccess("refresh");
    }
  }

  private void create() {
    index(DocumentWrite.CREATE, newKey(), source());
  }

  private DocumentKey newKey() {
    return new DocumentKey("%s-%d".formatted(name, number++), anyRouting());
  }

  private String anyRouting() {
    return ROUTINGS.get(random.nextInt(ROUTINGS.size()));
  }

  private void index(DocumentWrite kind, DocumentKey key, ObjectNode source) {
    var unused =
        index.send("PUT", path("_doc", key), source.toString()).requireSuccess("index " + key);
    noteWritten(kind, key, source);
  }

  private void noteWritten(DocumentWrite kind, DocumentKey key, ObjectNode source) {
    if (sources.put(key, source) == null) {
      keys.add(key);
    }
    journal.written(kind, key, source.deepCopy());
  }

  private void update() {
    DocumentKey key = anyKey();
    ObjectNode changes = DocumentIndex.JSON.createObjectNode();
    changes.put("number", random.nextInt(1_000_000));
    // now and then a field that the index does not know yet
    changes.put("extra_" + random.nextInt(8), "text " + random.nextInt(100));
    ObjectNode body = DocumentIndex.JSON.createObjectNode();
    body.set("doc", changes);
    var unused =
        index.send("POST", path("_update", key), body.toString()).requireSuccess("update " + key);
    ObjectNode source = known(key).deepCopy();
    source.setAll(changes);
    noteWritten(DocumentWrite.UPDATE, key, source);
  }

  private void delete() {
    DocumentKey key = anyKey();
    var unused = index.send("DELETE", path("_doc", key), "").requireSuccess("delete " + key);
    noteDeleted(key);
  }

  private void noteDeleted(DocumentKey key) {
    keys.remove(key);
    sources.remove(key);
    deleted.addLast(new Deleted(key, System.nanoTime()));
    if (deleted.size() > MOST_DELETED) {
      deleted.removeFirst();
    }
    journal.deleted(key);
  }

  private void createAgain() {
    Deleted oldest = deleted.peekFirst();
    if (oldest == null || System.nanoTime() - oldest.at() < FORGOTTEN_NANOS) {
      create();
      return;
    }
    deleted.removeFirst();
    DocumentKey key =
        random.nextInt(3) == 0 ? new DocumentKey(oldest.key().id(), anyRouting()) : oldest.key();
    index(DocumentWrite.CREATE_AGAIN, key, source());
  }

  private void give() {
    DocumentKey key = anyKey();
    ObjectNode source = known(key).deepCopy();
    boolean away = source.path(DocumentIndex.TENANT_FIELD).asText().equals(neighbour);
    source.put(DocumentIndex.TENANT_FIELD, away ? tenant : neighbour);
    index(DocumentWrite.GIVE, key, source);
  }

  /** Each document at most once in a request, so that the order does not matter. */
  private void bulk() {
    StringBuilder body = new StringBuilder();
    List<DocumentKey> deletes = new ArrayList<>();
    Map<DocumentKey, ObjectNode> writes = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      DocumentKey key = random.nextBoolean() ? newKey() : anyKey();
      if (deletes.contains(key) || writes.containsKey(key)) {
        continue;
      }
      if (sources.containsKey(key) && keys.size() > 40 && random.nextInt(3) == 0) {
        body.append(action("delete", key)).append('\n');
        deletes.add(key);
      } else {
        ObjectNode source = source();
        body.append(action("index", key)).append('\n').append(source).append('\n');
        writes.put(key, source);
      }
    }
    JsonNode answer = index.send("POST", "/_bulk", body.toString()).requireSuccess("write in bulk");
    if (answer.path("errors").asBoolean()) {
      throw new IllegalStateException("refused in bulk: " + answer);
    }
    writes.forEach((key, source) -> noteWritten(DocumentWrite.BULK, key, source));
    deletes.forEach(this::noteDeleted);
  }

  private static ObjectNode action(String operation, DocumentKey key) {
    ObjectNode line = DocumentIndex.JSON.createObjectNode();
    ObjectNode target = line.putObject(operation).put("_id", key.id());
    if (!key.routing().isEmpty()) {
      target.put("routing", key.routing());
    }
    return line;
  }

  private ObjectNode source() {
    ObjectNode source = DocumentIndex.JSON.createObjectNode();
    source.put(DocumentIndex.TENANT_FIELD, tenant);
    source.put("number", random.nextInt(1_000_000));
    source.put("title", "Document %d of %s".formatted(random.nextInt(1000), name));
    ArrayNode comments = source.putArray("comments");
    for (int i = random.nextInt(3); i > 0; i--) {
      comments.addObject().put("author", "author-" + random.nextInt(9));
    }
    return source;
  }

  private DocumentKey anyKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  private ObjectNode known(DocumentKey key) {
    ObjectNode source = sources.get(key);
    if (source == null) {
      throw new IllegalStateException("not written: " + key);
    }
    return source;
  }

  private static String path(String what, DocumentKey key) {
    return "/%s/%s%s"
        .formatted(
            what,
            DocumentIndex.encode(key.id()),
            key.routing().isEmpty() ? "" : "?routing=" + key.routing());
  }
}

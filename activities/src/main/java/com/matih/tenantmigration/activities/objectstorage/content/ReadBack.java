package com.matih.tenantmigration.activities.objectstorage.content;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Instant;
import java.util.List;

/** Reads what was written and compares its SHA-256, for servers whose ETags prove nothing. */
public final class ReadBack {

  private final ObjectStore target;
  private final SourceReader reader;

  public ReadBack(ObjectStore target) {
    this.target = target;
    this.reader = new SourceReader(target);
  }

  /**
   * Requires that the object is what was sent.
   *
   * @throws MigrationException of type CONTENT_MISMATCH
   */
  void requireWhole(String key, long size, String sha256) {
    if (!digest(key, size).equals(sha256)) {
      throw mismatch(key);
    }
  }

  /**
   * The same for an object that was sent in parts, each with its own digest; reads a part at a
   * time, within the budget.
   */
  public void requireParts(
      String key, PartLayout layout, List<String> sha256s, MemoryBudget budget) {
    ObjectEntry written = entry(key, layout.objectSize());
    for (int index = 0; index < layout.parts(); index++) {
      PartLayout.Part part = layout.part(index);
      try (MemoryBudget.Lease room = budget.take(part.size())) {
        byte[] bytes = reader.readPart(written, part).bytes();
        if (!Digests.sha256(bytes).equals(sha256s.get(index))) {
          throw mismatch(key);
        }
      }
    }
  }

  private String digest(String key, long size) {
    DigestSink sink = new DigestSink();
    var unused = reader.stream(entry(key, size), sink);
    return sink.sha256();
  }

  private static ObjectEntry entry(String key, long size) {
    return new ObjectEntry(key, key, size, "", Instant.EPOCH, "");
  }

  private MigrationException mismatch(String key) {
    return new MigrationException(
        FailureType.CONTENT_MISMATCH,
        "%s does not contain what was written to it. Check the target's storage, then start the"
                .formatted(target.uri(key))
            + " migration again.");
  }
}

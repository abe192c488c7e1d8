package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.objectstorage.client.KeyOrder;
import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the dedicated side has, and of what: a record in the control plane that survives whoever
 * keeps it.
 *
 * <ul>
 *   <li>It is a chain of chunks, each of which covers a range of names; together they cover all.
 *   <li>A chunk is replaced as a whole. One that grows too large is cut: first the right part is
 *       written, to which nothing leads yet, then the left one, which leads to it. So the chain is
 *       whole at any moment.
 *   <li>Before a pass writes or deletes objects of a chunk, they are marked there as {@link
 *       RecordedObject.State#UNSETTLED}. So whatever any pass has written, killed or not, is in the
 *       record, and what is in it is this migration's to delete.
 * </ul>
 */
public final class ObjectRecord {

  private static final String CHUNK = "objects-record-";
  private static final String LAST_ID = "objects-record-last";
  private static final String CUTS = "objects-record-cuts";

  private final MigrationJournal journal;
  private final String migrationId;
  private final Runnable right;
  private final AtomicInteger lastId = new AtomicInteger(-1);

  /** The record of a migration, to be read. */
  public ObjectRecord(MigrationJournal journal, MigrationContext context) {
    this(journal, context, () -> {});
  }

  /**
   * The record of a migration, to be written.
   *
   * @param right asked before each write
   */
  ObjectRecord(MigrationJournal journal, MigrationContext context, Runnable right) {
    this.journal = journal;
    this.migrationId = context.migrationId();
    this.right = right;
  }

  /**
   * Where the record may be taken up in the middle: a chunk's id, and the name before its range.
   */
  record Cut(int id, String after) {}

  /** The names of a range, with the chunk where it begins; both ends are ends of chunks. */
  record Stretch(int firstChunk, KeyRange names) {

    static final Stretch ALL = new Stretch(RecordChunk.FIRST, KeyRange.ALL);
  }

  RecordChunk read(int id) {
    Optional<PackedChunk> kept =
        journal.recall(migrationId, TargetClaim.STORE, CHUNK + id, PackedChunk.class);
    if (kept.isEmpty() && id != RecordChunk.FIRST) {
      throw new IllegalStateException("chunk %d of the record of objects is gone".formatted(id));
    }
    return kept.map(chunk -> chunk.unpack(id)).orElseGet(RecordChunk::empty);
  }

  void write(RecordChunk chunk) {
    right.run();
    DurableAct.RECORD_OBJECTS.run(
        () ->
            journal.put(migrationId, TargetClaim.STORE, CHUNK + chunk.id(), PackedChunk.of(chunk)));
  }

  /** An id that no chunk has had. */
  int newId() {
    right.run();
    if (lastId.get() < 0) {
      lastId.compareAndSet(-1, (int) raise(RecordChunk.FIRST));
    }
    int id = lastId.incrementAndGet();
    var unused = raise(id);
    return id;
  }

  private long raise(int id) {
    return journal.raise(migrationId, TargetClaim.STORE, LAST_ID, id);
  }

  /** Keeps where later passes may begin in the middle. */
  void keepCuts(List<Cut> cuts) {
    right.run();
    journal.put(migrationId, TargetClaim.STORE, CUTS, cuts.toArray(Cut[]::new));
  }

  /** The same, in the order of the names; empty where no pass was whole yet. */
  List<Cut> cuts() {
    return journal
        .recall(migrationId, TargetClaim.STORE, CUTS, Cut[].class)
        .map(List::of)
        .orElse(List.of());
  }

  /**
   * What is recorded under a name.
   *
   * @param chunk the id of a chunk that begins before the name
   */
  public Optional<RecordedObject> find(int chunk, String name) {
    RecordChunk covering = read(chunk);
    while (covering.range().upTo() != null
        && KeyOrder.INSTANCE.compare(name, covering.range().upTo()) > 0) {
      covering = read(covering.next());
    }
    return covering.objects().stream().filter(object -> object.name().equals(name)).findFirst();
  }

  /** Walks over all of it, one chunk in memory at a time. */
  public RecordWalk walk() {
    return new RecordWalk(this, Stretch.ALL);
  }

  /** Removes the record when nothing of the migration's is left to be told apart by it. */
  public void forget() {
    journal.forget(migrationId, TargetClaim.STORE, CHUNK);
  }
}

package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.plan.LenientMapping;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the journal keeps of an index whose documents are followed.
 *
 * <p>A late attempt may put back older positions. That does no harm: what lies between is carried
 * over once more.
 */
final class FollowingNotes {

  private final MigrationJournal journal;
  private final String migrationId;
  private final String index;

  /**
   * The notes on one index.
   *
   * @param index the dedicated one, of which a request names each once
   */
  FollowingNotes(MigrationJournal journal, String migrationId, String index) {
    this.journal = journal;
    this.migrationId = migrationId;
    this.index = index;
  }

  /**
   * What the drain found.
   *
   * @param documents the tenant's documents
   */
  record DrainedIndex(long documents, long compared, List<String> mismatches) {
    DrainedIndex {
      mismatches = List.copyOf(mismatches);
    }
  }

  /** How far the index had come before the first attempt at its copy read anything. */
  void rememberStart(Supplier<ShardPositions> read) {
    var unused =
        journal.remember(
            migrationId,
            ElasticsearchNames.STORE,
            ElasticsearchNames.positionsNote(index),
            ShardPositions.class,
            read);
  }

  /** How far the index is carried over. */
  ShardPositions positions() {
    return recall(ElasticsearchNames.positionsNote(index), ShardPositions.class)
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.UNEXPECTED,
                    "Nothing is noted of how far index %s is carried over, although it was copied."
                        .formatted(index)));
  }

  void putPositions(ShardPositions positions) {
    put(ElasticsearchNames.positionsNote(index), positions);
  }

  /** The fields of which documents have values that were ignored before the index was followed. */
  Set<String> ignored() {
    return recall(ElasticsearchNames.mappingNote(index), LenientMapping.class)
        .map(LenientMapping::ignored)
        .orElse(Set.of());
  }

  /** What the shared index' mapping says and the dedicated one's must not say yet. */
  void putMapping(LenientMapping mapping) {
    put(ElasticsearchNames.mappingNote(index), mapping);
  }

  /** How many documents the base copy has written; empty while it is not whole. */
  OptionalLong base() {
    return recall(ElasticsearchNames.baseNote(index), Long.class).stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  void putBase(long documents) {
    put(ElasticsearchNames.baseNote(index), documents);
  }

  /** Whether all documents were compared once. */
  boolean isCompared() {
    return recall(ElasticsearchNames.comparedNote(index), Boolean.class).orElse(false);
  }

  void putCompared() {
    put(ElasticsearchNames.comparedNote(index), true);
  }

  /** Notes that an attempt ends, and that each of its writes was answered. */
  void putLeft(Attempt attempt) {
    put(ElasticsearchNames.leftNote(index), attempt.order());
  }

  /** The last attempt that ended so. */
  Optional<Attempt> left() {
    return recall(ElasticsearchNames.leftNote(index), Long.class).map(Attempt::new);
  }

  /** What the shared index showed in the last round while the tenant wrote. */
  Optional<SharedView.Kept> view() {
    return recall(ElasticsearchNames.viewNote(index), SharedView.Kept.class);
  }

  void putView(SharedView.Kept view) {
    put(ElasticsearchNames.viewNote(index), view);
  }

  Optional<DrainedIndex> drained() {
    return recall(ElasticsearchNames.drainedNote(index), DrainedIndex.class);
  }

  void putDrained(DrainedIndex drained) {
    put(ElasticsearchNames.drainedNote(index), drained);
  }

  private <T> Optional<T> recall(String name, Class<T> type) {
    return journal.recall(migrationId, ElasticsearchNames.STORE, name, type);
  }

  private void put(String name, Object value) {
    journal.put(migrationId, ElasticsearchNames.STORE, name, value);
  }
}

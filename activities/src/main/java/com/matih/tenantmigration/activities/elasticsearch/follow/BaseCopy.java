package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.OptionalLong;

/**
 * What a copy must note and do so that rounds can go on from it: where the shared index stood
 * before the first attempt read anything, and that the copy is whole.
 */
public final class BaseCopy {

  private final ElasticsearchSpec.Index index;
  private final SearchCluster shared;
  private final FollowingNotes notes;

  private BaseCopy(ElasticsearchSpec.Index index, SearchCluster shared, FollowingNotes notes) {
    this.index = index;
    this.shared = shared;
    this.notes = notes;
  }

  /** The base copy of one index. */
  public static BaseCopy of(
      MigrationContext context,
      ElasticsearchSpec.Index index,
      SearchCluster shared,
      MigrationJournal journal) {
    return new BaseCopy(
        index, shared, new FollowingNotes(journal, context.migrationId(), index.to()));
  }

  /**
   * Lets pass an index that is still followed.
   *
   * @throws MigrationException of type WORK_ENDED where its last documents were carried over
   */
  public BaseCopy requireNotDrained(WriteAlias alias) {
    if (alias.copied().isPresent()) {
      throw WriteTurn.ended(index.to());
    }
    return this;
  }

  /** How many documents were copied; empty while the copy is not whole. */
  public OptionalLong copied() {
    return notes.base();
  }

  /** Notes where the shared index stands, before anything of it is read. */
  public void begin() {
    notes.rememberStart(() -> ShardPositions.read(shared, index.from()));
  }

  /**
   * Gives the dedicated index the fields that the documents may have that are read from now on, and
   * that it ignores else.
   */
  public void addMappings(WriteAlias alias) {
    new MappingUpdates(shared, index.from(), alias, notes).apply();
  }

  /** Notes that the copy is whole. */
  public void end(long documents) {
    notes.putBase(documents);
  }
}

package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import com.matih.tenantmigration.activities.elasticsearch.client.WriteAlias;
import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;

/**
 * One attempt's turn to write a dedicated index while its documents are followed.
 *
 * <p>The alias keeps an earlier attempt from beginning a request. A request that it began before
 * may still be on its way inside the cluster, and a document that was deleted and written again has
 * a lower version than such a request may bring. So writes are blocked for a moment, which the
 * cluster acknowledges when all earlier ones have ended.
 *
 * <p>Where the earlier attempt has noted that it ended and that each of its writes was answered,
 * none is on its way, for it had ended those before its own; and the index has the settings that it
 * was given then.
 *
 * <p>All of that is asked of the index by the attempt's own alias. Once a later attempt has
 * replaced it there is no such index, so an attempt that was frozen in between changes no setting.
 */
final class WriteTurn {

  private WriteTurn() {}

  /**
   * Takes the turn from every earlier attempt, whose writes have ended when this returns.
   *
   * @throws MigrationException of type WRITER_SUPERSEDED where a later attempt has it, WORK_ENDED
   *     where the last documents were carried over already
   */
  static WriteAlias take(String index, WriteAlias alias, Attempt attempt, FollowingNotes notes) {
    if (alias.copied().isPresent()) {
      throw ended(index);
    }
    WriteAlias.TakenOver taken = alias.takeOver(attempt);
    WriteAlias own = taken.own();
    if (notes.left().filter(taken.before()::isHeldBy).isEmpty()) {
      own.endEarlierWrites();
      own.putSettings(RealSettings.forFollowing());
    }
    return own;
  }

  /** The failure of an attempt that comes after the last documents were carried over. */
  static MigrationException ended(String index) {
    return new MigrationException(
        FailureType.WORK_ENDED,
        "The last documents of index %s were carried over already; this late attempt changed nothing."
            .formatted(index));
  }
}

package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.EndOfWork;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.StoreName;
import java.util.regex.Pattern;

/** Names that several of a migration's steps must agree on. */
final class RedisNames {

  /** The store as the report and the journal name it. */
  static final String STORE = StoreName.REDIS.key();

  /** The intent that is recorded before the first key is warmed. */
  static final String CACHE = "cache";

  /** The note that the warmed keys were or are being deleted, after which none may be warmed. */
  static final String EVICTED_NOTE = "evicted";

  /**
   * Where a migration's work on the dedicated Redis has ended because the cache is the tenant's.
   */
  static EndOfWork end(MigrationJournal journal, String migrationId) {
    return new EndOfWork(journal, migrationId, STORE);
  }

  /** The note with what a whole warming wrote. */
  static final String WARMED_NOTE = "warmed";

  /** What all keys begin with that a migration writes for itself. */
  static final String OWN_PREFIX = "tenant-migration:";

  private static final Pattern BOOKKEEPING =
      Pattern.compile(OWN_PREFIX + "[0-9a-f]{12}:(epoch|warmed|seen)");

  private RedisNames() {}

  /**
   * The key with the number of the attempt that may write. A writer whose number is not there has
   * lost its right, and where the key is gone all have.
   */
  static String epochKey(String migrationId) {
    return OWN_PREFIX + migrationId + ":epoch";
  }

  /**
   * The key with the set of warmed keys, each with the moment at which it expires (milliseconds of
   * the server's clock, infinite where it does not).
   */
  static String warmedKey(String migrationId) {
    return OWN_PREFIX + migrationId + ":warmed";
  }

  /**
   * The key with the set of those warmed keys that a loader still gives, while that is looked at.
   */
  static String seenKey(String migrationId) {
    return OWN_PREFIX + migrationId + ":seen";
  }

  /** Whether a key is this or another migration's own and holds nothing of a tenant. */
  static boolean isBookkeeping(String key) {
    return BOOKKEEPING.matcher(key).matches();
  }
}

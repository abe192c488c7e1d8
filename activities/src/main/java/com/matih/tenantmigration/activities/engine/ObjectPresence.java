package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Collection;
import java.util.Set;

/** Tells which objects a bucket lacks, for references that stand in other stores. */
public interface ObjectPresence {

  /** Whose bucket. */
  enum Side {
    SHARED,
    DEDICATED
  }

  /**
   * Looks up objects.
   *
   * <p>A key is found where an object has it, or has it once its percent-encoding and a query such
   * as {@code ?versionId=} are taken away, and where it names a folder with objects.
   *
   * @param keys whole keys of the bucket, the prefix included, as references have them; a few
   *     thousand at most
   * @return those of the keys under which there is nothing
   */
  Set<String> missing(MigrationContext context, Side side, Collection<String> keys);
}

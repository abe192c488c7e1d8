package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Collection;
import java.util.Set;

/** Tells which objects the dedicated bucket lacks, for references that stand in other stores. */
public interface ObjectPresence {

  /**
   * Looks up objects in the dedicated bucket.
   *
   * @param keys whole keys of the bucket, the target's prefix included; a few thousand at most
   * @return those of the keys under which there is no object
   */
  Set<String> missing(MigrationContext context, Collection<String> keys);
}

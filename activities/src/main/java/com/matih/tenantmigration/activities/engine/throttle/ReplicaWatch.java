package com.matih.tenantmigration.activities.engine.throttle;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.time.Duration;
import java.util.Optional;

/** Looks at the replicas of the shared database. */
@FunctionalInterface
public interface ReplicaWatch {

  /** One that sees no replicas. */
  ReplicaWatch NONE = (context, most) -> Optional.empty();

  /**
   * Which replica is further behind than that, as a part of a sentence such as {@code waits for
   * replica eu-2, 12 s behind}; empty where none is.
   */
  Optional<String> behind(MigrationContext context, Duration most);
}

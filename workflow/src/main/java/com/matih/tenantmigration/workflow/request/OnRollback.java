package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a dedicated database that this migration created and had to give up. */
public enum OnRollback {
  @JsonProperty("drop")
  DROP,
  /**
   * Renamed to {@code <name>_failed_<migration>}, closed to connections, with the reason as
   * comment.
   */
  @JsonProperty("mark-failed")
  MARK_FAILED
}

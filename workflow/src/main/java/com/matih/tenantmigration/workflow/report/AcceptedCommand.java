package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asked of a migration and it agreed to; what it refused is in the audit trail.
 *
 * @param at when it was asked
 * @param phase in which phase the migration was
 * @param by who asked, or {@code null} where that was left out
 * @param reason why, or {@code null} where that was left out
 */
public record AcceptedCommand(
    Instant at, Phase phase, Kind kind, @Nullable String by, @Nullable String reason) {

  /** The commands, by the names that the audit trail gives them. */
  public enum Kind {
    APPROVAL,
    PAUSE,
    RESUME,
    CANCEL,
    THROTTLE,
    REPAIR,
    /** Not a command: its reason says how many commands the report leaves out at this place. */
    LEFT_OUT
  }
}

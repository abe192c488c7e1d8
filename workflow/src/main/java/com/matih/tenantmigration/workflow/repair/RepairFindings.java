package com.matih.tenantmigration.workflow.repair;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane knows of a migration that has not ended as it should.
 *
 * @param report the report on record; {@code null} where nothing of the migration is on record
 * @param activated whether the tenant was let write on the dedicated side, so that the way leads
 *     forward
 * @param routeSwitched whether the tenant's route was pointed at the dedicated side
 * @param routeRestored whether it was pointed back
 * @param state the tenant's state, such as {@code READ_ONLY}; {@code null} for a tenant without a
 *     row
 * @param readOnlySince when the migration made the tenant read-only; {@code null} where it did not
 * @param intents by store: what the migration said that it would create, before it did
 */
public record RepairFindings(
    @Nullable MigrationReport report,
    boolean activated,
    boolean routeSwitched,
    boolean routeRestored,
    @Nullable String state,
    @Nullable Instant readOnlySince,
    Map<String, List<String>> intents) {

  public RepairFindings {
    intents = Map.copyOf(intents);
  }
}

package com.matih.tenantmigration.workflow.repair;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import org.jspecify.annotations.Nullable;

/**
 * Which migration a repair finishes, and whether it is only to look.
 *
 * @param migrationId the tenant's last migration, which has not ended as it should
 * @param request what the migration was asked to do, as it is on record
 * @param act whether to finish it; {@code false} only looks and changes nothing
 * @param by who asks; for the audit trail
 * @param endedFromOutside how Temporal ended the migration's workflow, in a sentence; {@code null}
 *     where it ended by itself
 */
public record RepairRequest(
    String migrationId,
    MigrationRequest request,
    boolean act,
    @Nullable String by,
    @Nullable String endedFromOutside) {}

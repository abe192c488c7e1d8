package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.workflow.Phase;

/**
 * A line to be added to the audit trail.
 *
 * @param step unique within the migration, so that a second try adds nothing
 * @param event such as {@code PHASE_STARTED} or {@code ROUTE_SWITCHED}
 * @param outcome such as {@code DONE} or {@code FAILED}
 * @param details anything that becomes a JSON object, without secrets
 */
public record AuditEntry(
    String migrationId,
    String tenantId,
    String step,
    Phase phase,
    String event,
    String outcome,
    Object details) {}

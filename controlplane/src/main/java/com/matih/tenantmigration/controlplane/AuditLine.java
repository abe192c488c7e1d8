package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** One line of the audit trail. */
public record AuditLine(
    long id,
    String migrationId,
    String tenantId,
    Instant at,
    String phase,
    String event,
    String outcome,
    JsonNode details) {}

package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.time.Instant;

/** What the platform remembers of one migration. */
public record MigrationRecord(
    String migrationId,
    String tenantId,
    Phase phase,
    Outcome outcome,
    Instant startedAt,
    Instant updatedAt,
    MigrationReport report) {}

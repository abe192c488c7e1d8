package com.matih.tenantmigration.workflow.report;

import java.util.List;

/** What a migration would move, what refuses it, and what to mind. */
public record MigrationPlan(
    String tenant, List<Refusal> refusals, List<Warning> warnings, StoresSummary stores) {}

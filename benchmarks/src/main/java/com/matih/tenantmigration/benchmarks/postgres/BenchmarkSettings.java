package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;

/**
 * What is measured.
 *
 * @param rows the tenant's rows in all tables together
 * @param tenants how many of that size the shared database holds
 * @param rounds how often each contender copies
 */
public record BenchmarkSettings(long rows, int tenants, int rounds, Isolation isolation) {}

package com.matih.tenantmigration.benchmarks.stores;

/**
 * How much a tenant has, and how often each contender copies it.
 *
 * @param objects how many objects
 * @param objectBytes the size of each
 * @param records of all tenants together; a tenth of them is the tenant's
 * @param documents the tenant's; nine neighbours together have as many
 * @param keys how many keys are warmed
 */
public record StoreSizes(
    int objects, int objectBytes, int records, int documents, int keys, int rounds) {}

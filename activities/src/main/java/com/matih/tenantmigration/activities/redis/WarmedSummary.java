package com.matih.tenantmigration.activities.redis;

/**
 * What a whole warming wrote.
 *
 * @param keys how many keys
 * @param repeated how many rows had a key that an earlier row had, with the same value
 */
record WarmedSummary(long keys, long repeated) {}

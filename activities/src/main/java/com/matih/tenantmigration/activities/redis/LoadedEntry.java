package com.matih.tenantmigration.activities.redis;

/** What one row of a loader says: a key and its value. */
record LoadedEntry(String key, String value) {}

package com.matih.tenantmigration.embedded.workload;

/**
 * One count of a row that all sessions count up.
 *
 * @param hits the row's value after it
 */
record CounterHit(RowKey key, long hits, String mark) {}

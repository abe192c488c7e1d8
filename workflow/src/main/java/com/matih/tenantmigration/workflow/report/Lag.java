package com.matih.tenantmigration.workflow.report;

/**
 * How far the dedicated side is behind the shared one.
 *
 * @param changes that are noted and not carried over yet
 * @param seconds since the dedicated side was last equal to the shared one
 */
public record Lag(long changes, double seconds) {}

package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Step;

/** Removes from the dedicated side, after the cutover, something that only the migration needed. */
public record CleanupStep(Step step, Runnable work) {}

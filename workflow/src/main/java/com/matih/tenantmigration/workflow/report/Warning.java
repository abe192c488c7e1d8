package com.matih.tenantmigration.workflow.report;

/** What an operator should know before a migration begins, though it may. */
public record Warning(String store, String object, String message) {}

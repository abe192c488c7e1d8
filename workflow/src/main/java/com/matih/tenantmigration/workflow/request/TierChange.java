package com.matih.tenantmigration.workflow.request;

/** The tier that the tenant has, and the one it gets with the cutover. */
public record TierChange(String from, String to) {}

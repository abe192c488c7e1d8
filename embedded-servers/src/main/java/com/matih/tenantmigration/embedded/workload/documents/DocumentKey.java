package com.matih.tenantmigration.embedded.workload.documents;

/**
 * What makes a document one of its own.
 *
 * @param routing empty where it has none
 */
public record DocumentKey(String id, String routing) {}

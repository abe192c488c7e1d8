package com.matih.tenantmigration.workflow.request;

/**
 * Where the pre-migration snapshot is written.
 *
 * @param location {@code file:/a/path/that/all/workers/share} or {@code s3://bucket/prefix} (read
 *     and written with the object storage source's endpoint and credentials)
 */
public record SnapshotSpec(String location) {}

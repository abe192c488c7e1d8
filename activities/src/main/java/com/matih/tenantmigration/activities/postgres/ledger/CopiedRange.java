package com.matih.tenantmigration.activities.postgres.ledger;

/** What became of a range: its rows, and the bytes and the digest of its part of the snapshot. */
public record CopiedRange(long rows, long bytes, String sha256) {}

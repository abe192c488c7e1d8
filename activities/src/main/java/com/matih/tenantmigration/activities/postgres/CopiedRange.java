package com.matih.tenantmigration.activities.postgres;

/** What became of a range: its rows, and the bytes and the digest of its part of the snapshot. */
record CopiedRange(long rows, long bytes, String sha256) {}

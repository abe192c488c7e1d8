package com.matih.tenantmigration.embedded.workload;

/** What a transaction leaves of a row. */
record RowChange(RowKey key, RowState state) {}

package com.matih.tenantmigration.embedded.workload;

import java.util.Locale;

/** The tables of a {@link WorkloadSchema}; parents come before their children. */
public enum WorkloadTable {
  /** Reference rows that all tenants share; only added to. Key: {@code code}. */
  REGION,
  /** Unique values, a self reference, identity ALWAYS, a generated column. Key: {@code id}. */
  ACCOUNT,
  /** Rows without a tenant column, tied to an account. Key: {@code id}. */
  ENTRY,
  /** Rows without a tenant column, tied to an entry. Key: {@code entry_id/number}. */
  ENTRY_NOTE,
  /** A natural key that changes and is used again. Key: {@code name}. */
  SETTING,
  /**
   * Partitioned by list and below that by range, on columns that change. Key: {@code id}, which is
   * only a part of the primary key.
   */
  TICKET,
  /** No primary key. Key: {@code line}, which no constraint holds unique. */
  AUDIT_LINE,
  /** Rows that all sessions of a tenant update. Key: {@code name}. */
  COUNTER,
  /** Truncated by its tenant; only in a schema of the tenant's own. Key: {@code number}. */
  SCRATCH;

  /** The table's name in the schema. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package com.matih.tenantmigration.embedded.workload;

/**
 * Which row of which tenant.
 *
 * @param key as {@link WorkloadTable} says for the table, as text
 */
public record RowKey(String tenant, WorkloadTable table, String key) {

  @Override
  public String toString() {
    return "%s %s of %s".formatted(table.sqlName(), key, tenant);
  }
}

package com.matih.tenantmigration.benchmarks.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many rows of a tenant each table holds. */
record TenantSize(Map<String, Long> rows) {

  private static final int CUSTOMERS = 10;
  private static final int ORDERS = 25;
  private static final int DOCUMENTS = 10;
  private static final int EVENTS = 20;

  /** The fewest rows of a tenant of whom no table is empty, partitions included. */
  static final long LEAST = 1_000;

  /** Divides a number of rows among the tables, in the shares of a hundred that are named above. */
  static TenantSize of(long rows) {
    Map<String, Long> tables = new LinkedHashMap<>();
    tables.put("customers", rows * CUSTOMERS / 100);
    tables.put("orders", rows * ORDERS / 100);
    tables.put("documents", rows * DOCUMENTS / 100);
    tables.put("events", rows * EVENTS / 100);
    tables.put("order_lines", rows - tables.values().stream().mapToLong(Long::longValue).sum());
    return new TenantSize(tables);
  }

  long total() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}

package com.matih.tenantmigration.devstack.sample;

/** The tenants of the sample platform: one that moves and one that must not notice. */
public enum SampleTenant {
  ACME(0, "acme", "STARTER"),
  GLOBEX(1, "globex", "TEAM");

  private final int number;
  private final String id;
  private final String tier;

  SampleTenant(int number, String id, String tier) {
    this.number = number;
    this.id = id;
    this.tier = tier;
  }

  /** Its place among the tenants, from 0 on. */
  int number() {
    return number;
  }

  /** The tenant's id. */
  public String id() {
    return id;
  }

  /** What marks its rows, records and documents. */
  public String key() {
    return id + "-tenant-id";
  }

  /** The tier that it has in the shared cluster. */
  public String tier() {
    return tier;
  }

  /** Its schema where each tenant has one. */
  public String schema() {
    return "tenant_" + id;
  }

  /** What its objects' keys begin with in the shared bucket. */
  public String objectPrefix() {
    return "tenants/" + id + "/";
  }

  /** What its keys begin with in the shared cache. */
  public String cachePrefix() {
    return id + ":";
  }

  /** The n-th id of its rows, from 1 on: the tenants' ids interleave. */
  public long rowId(long n) {
    return 2 * n - 1 + number;
  }

  /** Whether a row of this id is its own. */
  public boolean owns(long rowId) {
    return rowId % 2 == 1 - number;
  }

  SampleSize.Counts counts(SampleSize size) {
    return switch (this) {
      case ACME -> size.acme();
      case GLOBEX -> size.globex();
    };
  }
}

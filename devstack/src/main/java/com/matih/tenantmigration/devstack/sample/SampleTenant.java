package com.matih.tenantmigration.devstack.sample;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A tenant of the sample platform.
 *
 * @param number its place among the tenants, from 0 on
 * @param of how many tenants there are
 * @param tier the tier that it has in the shared cluster
 */
public record SampleTenant(int number, int of, String id, String tier) {

  /** The tenant that moves. */
  public static final SampleTenant ACME = new SampleTenant(0, 2, "acme", "STARTER");

  /** Its neighbour, which must not notice. */
  public static final SampleTenant GLOBEX = new SampleTenant(1, 2, "globex", "TEAM");

  /** The two that the devstack and the demo have. */
  public static final List<SampleTenant> USUAL = List.of(ACME, GLOBEX);

  /** Many tenants that are alike: {@code tenant01}, {@code tenant02} … */
  public static List<SampleTenant> fleet(int size) {
    return IntStream.range(0, size)
        .mapToObj(n -> new SampleTenant(n, size, "tenant%02d".formatted(n + 1), "STARTER"))
        .toList();
  }

  /** What marks its rows, records and documents. */
  public String key() {
    return id + "-tenant-id";
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

  /**
   * What something of its own is called on the dedicated servers, which all tenants of a devstack
   * share: acme has the plain names.
   */
  public String dedicatedName(String name) {
    return equals(ACME) ? name : id + "-" + name;
  }

  /** The n-th id of its rows, from 1 on: the tenants' ids interleave. */
  public long rowId(long n) {
    return of * (n - 1) + 1 + number;
  }

  /** Whether a row of this id is its own. */
  public boolean owns(long rowId) {
    return (rowId - 1) % of == number;
  }
}

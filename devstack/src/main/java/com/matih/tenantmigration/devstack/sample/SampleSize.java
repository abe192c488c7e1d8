package com.matih.tenantmigration.devstack.sample;

import java.util.List;

/**
 * How much the sample tenants have.
 *
 * @param populations each tenant with what it has
 * @param ownSchemas whether each tenant's rows lie in a schema of its own as well
 */
public record SampleSize(List<Population> populations, boolean ownSchemas) {

  /** Enough to be real: some 200,000 rows, 1,000 objects, 50,000 records for acme. */
  public static final SampleSize FULL =
      usual(
          new Counts(20, 500, 10_000, 186_000, 500, 1_000, 64 << 20, 50_000, 20_000, 5_000),
          new Counts(8, 150, 3_000, 55_000, 200, 200, 0, 15_000, 5_000, 1_000));

  /** The same with a tenth of it for acme, but for the one large object. */
  public static final SampleSize TENTH =
      usual(
          new Counts(2, 50, 1_000, 18_600, 50, 100, 64 << 20, 5_000, 2_000, 500),
          new Counts(8, 150, 3_000, 55_000, 200, 200, 0, 15_000, 5_000, 1_000));

  /** Every kind of thing a few times, for tests. */
  public static final SampleSize SMALL =
      usual(
          new Counts(3, 20, 300, 4_000, 20, 40, 6 << 20, 1_500, 300, 100),
          new Counts(2, 10, 100, 1_000, 10, 12, 0, 500, 100, 30));

  private static SampleSize usual(Counts acme, Counts globex) {
    return new SampleSize(
        List.of(
            new Population(SampleTenant.ACME, acme), new Population(SampleTenant.GLOBEX, globex)),
        true);
  }

  /** Many tenants that have the same. */
  public static SampleSize fleet(int tenants, Counts each) {
    return new SampleSize(
        SampleTenant.fleet(tenants).stream().map(tenant -> new Population(tenant, each)).toList(),
        false);
  }

  public List<SampleTenant> tenants() {
    return populations.stream().map(Population::tenant).toList();
  }

  /** What a tenant has. */
  public Counts of(SampleTenant tenant) {
    return populations.stream()
        .filter(population -> population.tenant().equals(tenant))
        .findFirst()
        .orElseThrow()
        .counts();
  }

  /** A tenant with what it has. */
  public record Population(SampleTenant tenant, Counts counts) {}

  /**
   * What one tenant has.
   *
   * @param objects how many objects that rows of {@code artifacts} refer to
   * @param bigObjectBytes the size of one more object, written in parts; 0 for none
   * @param records how many records in the three topics together
   * @param cachedKeys how many of its queries are cached
   */
  public record Counts(
      int workspaces,
      int users,
      int queries,
      int queryRuns,
      int dashboards,
      int objects,
      int bigObjectBytes,
      int records,
      int documents,
      int cachedKeys) {}
}

package com.matih.tenantmigration.embedded.workload;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a {@link Workload} writes.
 *
 * @param tenant the value of {@code tenant_id} of all that is written
 * @param seed decides which changes each session makes, in which order; one workload of a tenant
 *     and seed a database, because the marks are made of both
 * @param sessions how many connections write side by side, at least 1
 * @param changesPerSecond how many rows all sessions together change in a second, at most
 * @param kinds what is done; kinds that the schema cannot have are left out by themselves, and a
 *     session that has none left makes updates
 * @param neighbours the tenants to whom rows are moved; none, if no rows are to be moved
 */
public record WorkloadSettings(
    String tenant,
    long seed,
    int sessions,
    int changesPerSecond,
    Set<WorkloadKind> kinds,
    List<String> neighbours) {

  /** Refuses less than one session or one change a second, and an empty set of kinds. */
  public WorkloadSettings {
    if (sessions < 1 || changesPerSecond < 1 || kinds.isEmpty()) {
      throw new IllegalArgumentException(
          "A workload has at least one session, one change a second and one kind: %d, %d, %s"
              .formatted(sessions, changesPerSecond, kinds));
    }
    // in an order of its own, because the seed decides by position
    kinds = Collections.unmodifiableSet(new TreeSet<>(kinds));
    neighbours = List.copyOf(neighbours);
  }

  /** Four sessions, 200 changes a second, of all kinds, without neighbours. */
  public static WorkloadSettings of(String tenant, long seed) {
    return new WorkloadSettings(tenant, seed, 4, 200, EnumSet.allOf(WorkloadKind.class), List.of());
  }

  /** The same with another number of sessions. */
  public WorkloadSettings withSessions(int number) {
    return new WorkloadSettings(tenant, seed, number, changesPerSecond, kinds, neighbours);
  }

  /** The same at another rate. */
  public WorkloadSettings withChangesPerSecond(int rate) {
    return new WorkloadSettings(tenant, seed, sessions, rate, kinds, neighbours);
  }

  /** The same with these kinds alone. */
  public WorkloadSettings withKinds(Set<WorkloadKind> only) {
    return new WorkloadSettings(tenant, seed, sessions, changesPerSecond, only, neighbours);
  }

  /** The same without some kinds. */
  public WorkloadSettings without(WorkloadKind... left) {
    Set<WorkloadKind> rest = new TreeSet<>(kinds);
    Arrays.asList(left).forEach(rest::remove);
    return withKinds(rest);
  }

  /** The same, with rows that move to these tenants and back. */
  public WorkloadSettings withNeighbours(String... others) {
    return new WorkloadSettings(tenant, seed, sessions, changesPerSecond, kinds, List.of(others));
  }
}

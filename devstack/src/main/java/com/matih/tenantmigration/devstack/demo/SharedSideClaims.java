package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.services.TenantRoute;
import com.matih.tenantmigration.devstack.services.Traffic;
import com.matih.tenantmigration.devstack.services.TrafficCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What holds whatever the outcome: the shared copy is as it was, and the neighbour felt nothing.
 */
final class SharedSideClaims {

  private SharedSideClaims() {}

  /** The shared stores hold what they held before. */
  static List<Claim> unchanged(Map<String, StoreDigest> before, Map<String, StoreDigest> after) {
    List<Claim> claims = new ArrayList<>();
    before.forEach(
        (store, digest) ->
            claims.add(
                new Claim(
                    "the shared %s are byte for byte what they were".formatted(store),
                    digest.equals(after.get(store)),
                    "%,d %s, SHA-256 sum %.16s…"
                        .formatted(digest.count(), store, digest.digest()))));
    return claims;
  }

  /** The neighbour's writes were all accepted and are all there. */
  static Claim neighbourUntroubled(Traffic traffic, TenantRoute route) {
    List<String> troubles = new ArrayList<>(traffic.refused());
    troubles.addAll(TrafficCheck.differences(traffic, route));
    if (traffic.acceptedCount() == 0) {
      troubles.add("it wrote nothing");
    }
    return Claim.unless(
        troubles,
        traffic.tenant().id() + " kept writing without an error",
        "%,d writes accepted, all of them there".formatted(traffic.acceptedCount()));
  }

  /** What the moved tenant was told is written is where it is served from now. */
  static Claim nothingLost(Traffic traffic, TenantRoute route, int acceptedAtTheEnd) {
    List<String> troubles = new ArrayList<>();
    troubles.addAll(TrafficCheck.differences(traffic, route));
    int later = traffic.acceptedCount() - acceptedAtTheEnd;
    if (later == 0) {
      troubles.add("nothing was accepted after the migration's end");
    }
    return Claim.unless(
        troubles,
        "%s writes again, and no write that was accepted is lost, doubled or undone"
            .formatted(traffic.tenant().id()),
        "%,d accepted before the end, %,d after it, all at %s"
            .formatted(acceptedAtTheEnd, later, route.config().databaseUrl()));
  }
}

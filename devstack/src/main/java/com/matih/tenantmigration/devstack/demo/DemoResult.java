package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.List;

/**
 * How a demo's migration ended, and what was proven of it.
 *
 * @param writesPerSecond how many writes of the moved tenant the stores acknowledged meanwhile
 */
public record DemoResult(MigrationReport report, List<Claim> claims, double writesPerSecond) {

  public DemoResult {
    claims = List.copyOf(claims);
  }

  /** The claims that the servers did not bear out. */
  public List<Claim> broken() {
    return claims.stream().filter(claim -> !claim.holds()).toList();
  }
}

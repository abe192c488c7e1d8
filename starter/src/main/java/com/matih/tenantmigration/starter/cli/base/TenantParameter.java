package com.matih.tenantmigration.starter.cli.base;

import picocli.CommandLine.Parameters;

/** The tenant that a command is about. */
public final class TenantParameter {

  @Parameters(index = "0", paramLabel = "TENANT", description = "The tenant's id.")
  private String tenant = "";

  public String id() {
    return tenant;
  }
}

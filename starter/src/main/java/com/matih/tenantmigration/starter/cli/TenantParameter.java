package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Parameters;

/** The tenant that a command is about. */
final class TenantParameter {

  @Parameters(index = "0", paramLabel = "TENANT", description = "The tenant's id.")
  private String tenant = "";

  String id() {
    return tenant;
  }
}

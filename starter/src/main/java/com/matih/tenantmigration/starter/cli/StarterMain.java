package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine;

/** The program of the starter's container: the commands that need no worker's machine. */
public final class StarterMain {

  private StarterMain() {}

  public static void main(String[] arguments) {
    CommandLine commandLine = new CommandLine(new TenantMigrationCommand());
    System.exit(TenantMigrationCommand.executeOnStandardStreams(commandLine, arguments));
  }
}

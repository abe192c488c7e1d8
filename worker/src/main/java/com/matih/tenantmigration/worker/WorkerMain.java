package com.matih.tenantmigration.worker;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program of the worker's container: what a machine of the platform runs, and nothing more. */
@Command(
    name = "tenant-migration",
    description = "Moves tenants to dedicated infrastructure.",
    subcommands = {WorkerCommand.class, RestoreCommand.class},
    mixinStandardHelpOptions = true)
public final class WorkerMain {

  private WorkerMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new WorkerMain()).execute(arguments));
  }
}

package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.benchmarks.BenchmarkCommand;
import com.matih.tenantmigration.devstack.benchmark.OnlineBenchmarkCommand;
import com.matih.tenantmigration.devstack.demo.DemoCommand;
import com.matih.tenantmigration.starter.cli.TenantMigrationCommand;
import com.matih.tenantmigration.worker.RestoreCommand;
import com.matih.tenantmigration.worker.WorkerCommand;
import picocli.CommandLine;

/** The launcher's program: all commands of all modules under one root. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(TenantMigrationCommand.executeOnStandardStreams(commandLine(), arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new TenantMigrationCommand())
        .addSubcommand(new WorkerCommand())
        .addSubcommand(new RestoreCommand())
        .addSubcommand(new DevstackCommand())
        .addSubcommand(new DemoCommand())
        .addSubcommand(
            new CommandLine(new BenchmarkCommand(FileLogging::to))
                .addSubcommand(new OnlineBenchmarkCommand()))
        .addSubcommand(new RequestSchemaCommand());
  }
}

package com.matih.tenantmigration.starter.cli.base;

import picocli.CommandLine.Option;

/** The option that says who steers; mixed into the commands that do. */
public final class OperatorName {

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who asks; it is recorded (default: your user name).")
  private String name = "";

  public String name() {
    return name;
  }
}

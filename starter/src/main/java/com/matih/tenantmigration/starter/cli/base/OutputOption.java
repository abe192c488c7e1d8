package com.matih.tenantmigration.starter.cli.base;

import picocli.CommandLine.Option;

/** {@code --output text|json}. */
public final class OutputOption {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json.")
  private Format format = Format.text;

  public boolean isJson() {
    return format == Format.json;
  }

  /** Named as they are written on the command line. */
  enum Format {
    text,
    json
  }
}

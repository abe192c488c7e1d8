package com.matih.tenantmigration.starter.cli;

import picocli.CommandLine.Option;

/** {@code --output text|json}. */
final class OutputOption {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default) or json.")
  private Format format = Format.text;

  boolean isJson() {
    return format == Format.json;
  }

  /** Named as they are written on the command line. */
  enum Format {
    text,
    json
  }
}

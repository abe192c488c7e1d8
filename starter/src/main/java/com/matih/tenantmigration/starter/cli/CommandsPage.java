package com.matih.tenantmigration.starter.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The page docs/commands.md: the help of each command, so that neither says what the other doesn't.
 */
public final class CommandsPage {

  private static final int WIDTH = 100;

  private CommandsPage() {}

  /** The page of a command line with all its commands that are not hidden. */
  public static String of(CommandLine commandLine) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Commands

        <!-- written by `bin/tenant-migration commands-page`; a test compares it with the help -->

        The `--help` text of each command.
        """);
    section(page, commandLine.getCommandName(), commandLine);
    sections(page, "", commandLine);
    return page.toString();
  }

  private static void sections(StringBuilder page, String before, CommandLine of) {
    for (Map.Entry<String, CommandLine> command : of.getSubcommands().entrySet()) {
      if (!command.getValue().getCommandSpec().usageMessage().hidden()) {
        section(page, before + command.getKey(), command.getValue());
        sections(page, before + command.getKey() + " ", command.getValue());
      }
    }
  }

  private static void section(StringBuilder page, String title, CommandLine command) {
    String help =
        command.setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH).getUsageMessage(Ansi.OFF);
    page.append("\n## ").append(title).append("\n\n```\n");
    help.lines().forEach(line -> page.append(line.stripTrailing()).append('\n'));
    page.append("```\n");
  }
}

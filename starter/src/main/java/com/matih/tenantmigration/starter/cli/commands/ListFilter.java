package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.workflow.Outcome;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which migrations are listed. */
final class ListFilter {

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Only those of this tenant.")
  private @Nullable String tenant;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those recorded as running or as ended.")
  private @Nullable State state;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      split = ",",
      description = "Only those with this outcome: ${COMPLETION-CANDIDATES}. May be repeated.")
  private List<Outcome> outcomes = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most migrations to show (default: 50, and all as JSON).")
  private @Nullable Integer limit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /**
   * What is asked for.
   *
   * @param defaultLimit how many where the command line names no limit
   */
  Migrations.Filter asked(int defaultLimit) {
    int most = limit == null ? defaultLimit : limit;
    if (most < 1) {
      throw new ParameterException(
          command.commandLine(), "Invalid value for option '--limit': it must be at least 1.");
    }
    Set<Outcome> wanted =
        outcomes.isEmpty() ? EnumSet.allOf(Outcome.class) : EnumSet.copyOf(outcomes);
    if (state != null) {
      wanted.retainAll(state.outcomes());
    }
    return new Migrations.Filter(tenant, wanted, most);
  }

  /** Named as they are written on the command line. */
  enum State {
    running,
    ended;

    private List<Outcome> outcomes() {
      return Arrays.stream(Outcome.values())
          .filter(outcome -> (outcome == Outcome.RUNNING) == (this == running))
          .toList();
    }
  }
}

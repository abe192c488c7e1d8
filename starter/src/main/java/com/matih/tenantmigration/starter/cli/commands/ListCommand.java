package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code list}. */
@Command(
    name = "list",
    description =
        "Shows all tenants' migrations, newest first. Reads the control plane; Temporal is asked"
            + " whether migrations that are recorded as running still run, and need not answer.",
    mixinStandardHelpOptions = true)
public final class ListCommand extends OperatorCommand {

  @Mixin private OutputOption output = new OutputOption();

  @Override
  protected int run(Connections connections) {
    List<Listed> all =
        connections.controlPlane().migrations().all().stream()
            .map(record -> Listed.of(record, connections.endedFromOutside(record).orElse(null)))
            .toList();
    tellSilence(connections);
    if (output.isJson()) {
      printJson(all);
      return ExitCode.DONE;
    }
    if (all.isEmpty()) {
      out().println("No tenant has been migrated yet.");
      return ExitCode.DONE;
    }
    TextTable table =
        new TextTable("tenant", "migration", "outcome", "phase", "started", "last change");
    for (Listed listed : all) {
      table.row(
          listed.tenant(),
          listed.migrationId(),
          listed.ended(),
          listed.phase(),
          Moment.of(listed.startedAt()),
          Moment.of(listed.updatedAt()));
    }
    out().print(table);
    for (Listed listed : all) {
      EndedFromOutside end = listed.endedFromOutside();
      if (end != null) {
        out()
            .println(
                "%n%s See: report %s --migration %s"
                    .formatted(end.told(), end.tenant(), end.migrationId()));
      }
    }
    unresolved(all)
        .forEach(
            listed ->
                out()
                    .println(
                        "%nTenant %s: the rollback of %s is incomplete. To finish it: repair %s"
                            .formatted(listed.tenant(), listed.migrationId(), listed.tenant())));
    return ExitCode.DONE;
  }

  /** Of each tenant the last migration that was not refused, where its rollback is incomplete. */
  private static List<Listed> unresolved(List<Listed> newestFirst) {
    Set<String> seen = new HashSet<>();
    return newestFirst.stream()
        .filter(listed -> listed.outcome() != Outcome.REFUSED && seen.add(listed.tenant()))
        .filter(listed -> listed.outcome() == Outcome.ROLLBACK_INCOMPLETE)
        .toList();
  }

  /**
   * One migration without its report.
   *
   * @param outcome on record
   * @param endedFromOutside how Temporal ended it; {@code null} for one that runs, ended by itself
   *     or cannot be asked for
   */
  record Listed(
      String tenant,
      String migrationId,
      Outcome outcome,
      Phase phase,
      Instant startedAt,
      Instant updatedAt,
      @Nullable EndedFromOutside endedFromOutside) {

    static Listed of(MigrationRecord record, @Nullable EndedFromOutside endedFromOutside) {
      return new Listed(
          record.tenantId(),
          record.migrationId(),
          record.outcome(),
          record.phase(),
          record.startedAt(),
          record.updatedAt(),
          endedFromOutside);
    }

    /** The outcome; where Temporal has ended the migration, how: {@code TERMINATED}. */
    private String ended() {
      return endedFromOutside == null || endedFromOutside.unknownTo() != null
          ? outcome.name()
          : endedFromOutside.how().toUpperCase(Locale.ROOT);
    }
  }
}

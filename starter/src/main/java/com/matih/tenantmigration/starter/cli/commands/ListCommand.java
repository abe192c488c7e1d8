package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
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
        "Shows the tenants' migrations, newest first. Reads the control plane, and asks Temporal"
            + " whether migrations recorded as running still run; works without its answer.",
    mixinStandardHelpOptions = true)
public final class ListCommand extends OperatorCommand {

  /** A narrower terminal shows no time of the last change, so that a migration is one line. */
  private static final int ROOM_FOR_CHANGES = 110;

  /** So many fit into what somebody scrolls back. */
  private static final int ON_A_TERMINAL = 50;

  @Mixin private ListFilter filter = new ListFilter();
  @Mixin private OutputOption output = new OutputOption();

  @Override
  protected int run(Connections connections) {
    Migrations.Filter asked = filter.asked(output.isJson() ? Integer.MAX_VALUE : ON_A_TERMINAL);
    List<Listed> shown =
        connections.controlPlane().migrations().list(asked).stream()
            .map(record -> Listed.of(record, connections.endedFromOutside(record).orElse(null)))
            .toList();
    tellSilence(connections);
    if (output.isJson()) {
      printJson(shown);
      tellRest(connections, asked, shown.size());
      return ExitCode.DONE;
    }
    if (shown.isEmpty()) {
      out().println(asked.isOfAll() ? "No tenant has been migrated yet." : "No migration matches.");
      return ExitCode.DONE;
    }
    print(shown);
    out().flush();
    tellRest(connections, asked, shown.size());
    return ExitCode.DONE;
  }

  private void print(List<Listed> shown) {
    boolean changes = screen().columns() >= ROOM_FOR_CHANGES;
    TextTable table =
        changes
            ? new TextTable("tenant", "migration", "outcome", "phase", "started", "last change")
            : new TextTable("tenant", "migration", "outcome", "phase", "started");
    for (Listed listed : shown) {
      List<Object> cells =
          List.of(
              listed.tenant(),
              listed.migrationId(),
              listed.ended(),
              listed.phase(),
              Moment.of(listed.startedAt()),
              Moment.of(listed.updatedAt()));
      table.row(cells.subList(0, table.header().size()).toArray());
    }
    out().print(table.text(screen()));
    for (Listed listed : shown) {
      EndedFromOutside end = listed.endedFromOutside();
      if (end != null) {
        out()
            .println(
                "%n%s See: report %s --migration %s"
                    .formatted(end.told(), end.tenant(), end.migrationId()));
      }
    }
    unresolved(shown)
        .forEach(
            listed ->
                out()
                    .println(
                        "%nTenant %s: the rollback of %s is incomplete. To finish it: repair %s"
                            .formatted(listed.tenant(), listed.migrationId(), listed.tenant())));
  }

  /** Says how many more there are than are shown. */
  private void tellRest(Connections connections, Migrations.Filter asked, int shown) {
    if (shown < asked.limit()) {
      return;
    }
    long rest = connections.controlPlane().migrations().count(asked) - shown;
    if (rest > 0) {
      errors()
          .println(
              "%d more %s not shown. To see them: --limit %d"
                  .formatted(rest, rest == 1 ? "migration is" : "migrations are", shown + rest));
      errors().flush();
    }
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

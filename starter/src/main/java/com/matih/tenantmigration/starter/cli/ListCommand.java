package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.text.TextTable;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code list}. */
@Command(
    name = "list",
    description = "Shows all tenants' migrations, the newest first. Reads the control plane alone.",
    mixinStandardHelpOptions = true)
final class ListCommand extends OperatorCommand {

  @Mixin private OutputOption output = new OutputOption();

  @Override
  int run(Connections connections) {
    List<Listed> all =
        connections.controlPlane().migrations().all().stream().map(Listed::of).toList();
    if (output.isJson()) {
      printJson(all);
      return ExitCode.DONE;
    }
    if (all.isEmpty()) {
      out().println("No tenant was migrated yet.");
      return ExitCode.DONE;
    }
    TextTable table =
        new TextTable("tenant", "migration", "outcome", "phase", "started", "last change");
    for (Listed listed : all) {
      table.row(
          listed.tenant(),
          listed.migrationId(),
          listed.outcome(),
          listed.phase(),
          listed.startedAt(),
          listed.updatedAt());
    }
    out().print(table);
    return ExitCode.DONE;
  }

  /** One migration without its report. */
  record Listed(
      String tenant,
      String migrationId,
      Outcome outcome,
      Phase phase,
      Instant startedAt,
      Instant updatedAt) {

    static Listed of(MigrationRecord record) {
      return new Listed(
          record.tenantId(),
          record.migrationId(),
          record.outcome(),
          record.phase(),
          record.startedAt(),
          record.updatedAt());
    }
  }
}

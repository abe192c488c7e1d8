package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.LastMigration;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;

/**
 * Says, below the report of a migration that was refused, which one came before it: that one tells
 * where the tenant is now.
 */
final class EarlierMigration {

  private EarlierMigration() {}

  /** A line below the report; empty where there is nothing to say. */
  static String of(MigrationReport shown, Connections connections) {
    if (shown.outcome() != Outcome.REFUSED) {
      return "";
    }
    return connections
        .controlPlane()
        .migrations()
        .lastBeside(shown.tenant(), shown.migrationId())
        .map(
            earlier ->
                "%nThe migration before it, %s. See: report %s --migration %s%n"
                    .formatted(
                        LastMigration.became(earlier), shown.tenant(), earlier.migrationId()))
        .orElse("");
  }
}

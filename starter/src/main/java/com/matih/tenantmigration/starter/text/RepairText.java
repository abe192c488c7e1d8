package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.repair.RepairStep;
import java.util.Locale;

/** What a repair found or did, as people read it at a terminal. */
public final class RepairText {

  private RepairText() {}

  /** The whole report. */
  public static String of(RepairReport report, Screen screen) {
    StringBuilder text = new StringBuilder();
    Wrapped.lines(headline(report), screen.columns())
        .forEach(
            line ->
                text.append(
                        report.somethingLeft()
                            ? screen.colours().warning(line)
                            : screen.colours().good(line))
                    .append('\n'));
    if (!report.steps().isEmpty()) {
      TextTable table =
          new TextTable("step", "status", report.acted() ? "what was done" : "what is recorded");
      for (RepairStep step : report.steps()) {
        table.row(
            Step.ofActivity(step.step()).map(Step::words).orElse(step.step()),
            step.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            step.message());
      }
      text.append('\n').append(table.text(screen));
    }
    return text.append(next(report)).toString();
  }

  private static String headline(RepairReport report) {
    String tenant = "Tenant %s: ".formatted(report.tenant());
    String migration = "migration " + report.migrationId();
    return switch (report.way()) {
      case NONE ->
          report.migrationId() == null
              ? tenant + "nothing is left to repair; it was never migrated."
              : tenant + "nothing is left to repair in %s.".formatted(migration);
      case BACK ->
          !report.acted()
              ? tenant
                  + "%s did not end cleanly and has to be rolled back.%s"
                      .formatted(migration, state(report))
              : report.somethingLeft()
                  ? tenant
                      + "the rollback of %s is still incomplete.%s"
                          .formatted(migration, state(report))
                  : tenant
                      + "%s is rolled back; nothing is left.%s".formatted(migration, state(report));
      case FORWARD ->
          !report.acted()
              ? tenant
                  + "%s let the tenant write on the dedicated side and has to be completed.%s"
                      .formatted(migration, state(report))
              : report.somethingLeft()
                  ? tenant
                      + "%s is completed, but not everything is cleaned up.%s"
                          .formatted(migration, state(report))
                  : tenant
                      + "%s is completed; nothing is left.%s".formatted(migration, state(report));
    };
  }

  private static String state(RepairReport report) {
    return report.state() == null
        ? " It has no configuration."
        : " The tenant is %s.".formatted(report.state());
  }

  private static String next(RepairReport report) {
    if (!report.somethingLeft()) {
      return "";
    }
    return report.acted()
        ? "%nDo what the failed steps say, then repeat: repair %s --yes%n"
            .formatted(report.tenant())
        : "%nNothing was changed. To do it: repair %s --yes%n".formatted(report.tenant());
  }
}

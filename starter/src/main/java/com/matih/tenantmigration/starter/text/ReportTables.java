package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.Moment;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.report.Warning;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report's tables by title, in the order in which people read them: the text, Markdown and the
 * page show the same ones.
 */
public final class ReportTables {

  private ReportTables() {}

  /** All tables that have a row. */
  public static Map<String, TextTable> of(MigrationReport report) {
    return of(report, null);
  }

  /**
   * All tables that have a row.
   *
   * @param ended how Temporal ended the migration from outside; {@code null} where it did not
   */
  public static Map<String, TextTable> of(
      MigrationReport report, @Nullable EndedFromOutside ended) {
    String unfinished = ended == null ? "running" : ended.how();
    Work work = new Work(report, unfinished);
    Map<String, TextTable> tables = new LinkedHashMap<>();
    tables.put("Blockers", refusals(report.refusals()));
    tables.put("Phases", phases(report.phases(), unfinished));
    tables.put("Steps", work.steps());
    tables.put("Read-only time", ForecastText.compared(report));
    tables.put("Operators", AcceptedCommands.table(report.wishes()));
    tables.put("Moved", StoresText.moved(report.stores()));
    tables.put("Checks", checks(report.checks(), work));
    tables.put("Mismatches", mismatches(report.checks()));
    tables.put("Warnings of the checks", notes(report.checks()));
    tables.put("Left behind", leftBehind(report.leftBehind()));
    tables.put("Rollback", rollback(report.rollback()));
    tables.put("Warnings", warnings(report.warnings()));
    tables.values().removeIf(TextTable::isEmpty);
    return tables;
  }

  static TextTable refusals(List<Refusal> refusals) {
    TextTable table = new TextTable("store", "object", "reason", "fix");
    refusals.forEach(
        refusal ->
            table.row(
                refusal.store(),
                refusal.object(),
                sentence(refusal.reason(), refusal.object()),
                sentence(refusal.remedy(), refusal.object())));
    return table;
  }

  /** As a sentence, however it was noted; a name keeps its first letter. */
  private static String sentence(String text, String object) {
    String first = text.split(" ", 2)[0];
    boolean isWord = first.matches("[a-z]+") && !object.contains(first);
    String begun =
        isWord ? first.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) : text;
    return begun.isEmpty() || begun.matches("(?s).*[.!?…]") ? begun : begun + ".";
  }

  /** What stays on the shared side, with how much of it. */
  static TextTable leftBehind(List<LeftBehind> entries) {
    TextTable table = new TextTable("store", "object", "count", "reason", "to move it");
    entries.forEach(
        entry ->
            table.row(
                entry.store(),
                entry.object(),
                entry.count() == LeftBehind.UNKNOWN ? "not counted" : entry.count(),
                sentence(entry.reason(), entry.object()),
                sentence(entry.remedy(), entry.object())));
    return table;
  }

  static TextTable warnings(List<Warning> warnings) {
    TextTable table = new TextTable("store", "object", "warning");
    warnings.forEach(
        warning ->
            table.row(
                warning.store(), warning.object(), sentence(warning.message(), warning.object())));
    return table;
  }

  /** A warning in one line: {@code kafka, events: Offsets differ.} */
  static String warning(Warning warning) {
    String where =
        warning.object().isEmpty()
            ? warning.store()
            : "%s, %s".formatted(warning.store(), warning.object());
    return "%s: %s"
        .formatted(where, sentence(warning.message(), warning.object()))
        .replaceAll("\\p{Cntrl}+", " ");
  }

  private static TextTable phases(List<PhaseTiming> phases, String unfinished) {
    TextTable table = new TextTable("phase", "began", "took");
    for (PhaseTiming phase : phases) {
      String took =
          phase.finishedAt() == null
              ? unfinished
              : Units.duration(Duration.between(phase.startedAt(), phase.finishedAt()));
      table.row(phase.phase(), Moment.of(phase.startedAt()), took);
    }
    return table;
  }

  private static TextTable checks(List<CheckResult> checks, Work work) {
    TextTable table = new TextTable("check", "status", "compared", "took", "first finding");
    for (CheckResult check :
        checks.stream().sorted(Comparator.comparing(CheckResult::check)).toList()) {
      String first = check.mismatches().isEmpty() ? "" : check.mismatches().get(0);
      String took = work.took(check.check()).map(Units::duration).orElse("");
      table.row(check.check(), check.status(), check.compared(), took, first);
    }
    return table;
  }

  /** Where a failed check found more than the one mismatch that its own line names. */
  private static TextTable mismatches(List<CheckResult> checks) {
    TextTable table = new TextTable("check", "mismatch");
    for (CheckResult check : checks) {
      if (check.status() == Status.FAILED && check.mismatches().size() > 1) {
        check.mismatches().forEach(mismatch -> table.row(check.check(), mismatch));
      }
    }
    return table;
  }

  private static TextTable notes(List<CheckResult> checks) {
    TextTable table = new TextTable("check", "no mismatch, but note");
    checks.forEach(check -> check.notes().forEach(note -> table.row(check.check(), note)));
    return table;
  }

  private static TextTable rollback(List<RollbackStep> steps) {
    TextTable table = new TextTable("step", "status", "what was done");
    steps.forEach(step -> table.row(step.step(), step.status(), step.message()));
    return table;
  }
}

package com.matih.tenantmigration.starter.text;

import com.matih.tenantmigration.starter.layout.Markdown;
import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.MigrationPlan;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.ShortDuration;

/** A plan as Markdown that can be laid before a change board. */
public final class PlanMarkdown {

  private PlanMarkdown() {}

  /** The change: what it moves, from where to where, its risks, its course and its way back. */
  public static String of(MigrationPlan plan, MigrationRequest request) {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Change: tenant %s moves from %s to %s%n%n"
            .formatted(
                Markdown.escape(plan.tenant()),
                Markdown.escape(request.tier().from()),
                Markdown.escape(request.tier().to())));
    text.append("**%s**%n%n".formatted(Markdown.escape(PlanText.headline(plan))));
    text.append("- Approval before the fence: %s%n".formatted(approval(request.approval())));
    text.append(
        "- The tenant is read-only from FENCE to CUTOVER; its services have %s to stop writing%n"
            .formatted(ShortDuration.format(request.settle())));
    text.append(
        "- Snapshot before the copy: %s%n"
            .formatted(Markdown.escape(request.snapshot().location())));
    if (plan.throttle() != null) {
      text.append("- Throttle: %s%n".formatted(plan.throttle().words()));
    }
    text.append("- After a rollback: %s%n".formatted(afterRollback(request.onRollback())));
    PlanText.tables(plan, request)
        .forEach(
            (title, table) -> text.append("%n## %s%n%n".formatted(title)).append(table.markdown()));
    if (!plan.proposals().isEmpty()) {
      text.append(
          "%n## %s%n%n```yaml%n%s```%n".formatted(PlanText.PROPOSED, PlanText.proposed(plan)));
    }
    text.append("%n## Phases and rollback%n%n".formatted()).append(course().markdown());
    text.append(
        ("%nUp to the final step of CUTOVER a failed check, any other failure or a"
                    + " cancel rolls everything")
                .formatted()
            + " back without loss. The shared copy stays as it is.\n");
    text.append("%n## Request%n%n```yaml%n%s```%n".formatted(RequestText.of(request)));
    return text.toString();
  }

  private static String approval(Approval approval) {
    return switch (approval) {
      case REQUIRED -> "required";
      case AUTOMATIC -> "not required";
    };
  }

  private static String afterRollback(OnRollback onRollback) {
    return switch (onRollback) {
      case DROP -> "the dedicated database is dropped";
      case MARK_FAILED -> "the dedicated database is kept, renamed and marked as failed";
    };
  }

  private static TextTable course() {
    return new TextTable("phase", "what is done", "rolled back by")
        .row("PREFLIGHT", "checks every store; changes nothing", "")
        .row("PROVISION", "dedicated database, bucket, topics and indices", "removing them")
        .row("FENCE", "makes the tenant read-only", "releasing the fence")
        .row("SNAPSHOT", "takes a consistent snapshot and archives the schema", "")
        .row("COPY", "rows, objects, records, documents", "removing what was provisioned")
        .row("WARM", "fills the dedicated cache", "removing the warmed keys")
        .row("VERIFY", "reads both sides again and compares them", "")
        .row(
            "CUTOVER",
            "switches the route, asks the services, lets the tenant write",
            "switching the route back, until the tenant may write")
        .row("COMPLETED", "removes what only the migration needed", "no longer possible");
  }
}

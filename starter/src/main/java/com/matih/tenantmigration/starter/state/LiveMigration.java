package com.matih.tenantmigration.starter.state;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a migration stands, as far as it can be seen from outside.
 *
 * @param running whether Temporal says that it runs
 * @param paused whether an operator has paused it; {@code false} where no worker answers
 * @param awaitingApproval whether it waits for an approval
 * @param pointOfNoReturn whether a cancel is refused from here on
 * @param workerSilent whether no worker seems to take its work
 * @param activities what is being done
 * @param report what is known so far; {@code null} before the first phase is on record
 * @param endedFromOutside how Temporal ended it; {@code null} for one that runs or ended by itself
 */
public record LiveMigration(
    String tenant,
    boolean running,
    Phase phase,
    boolean paused,
    boolean awaitingApproval,
    boolean pointOfNoReturn,
    boolean workerSilent,
    List<ActivityProgress> activities,
    @Nullable MigrationReport report,
    @Nullable EndedFromOutside endedFromOutside) {}

/**
 * A workload that writes to PostgreSQL as real applications do, and a judge that compares
 * afterwards.
 *
 * <p>{@link com.matih.tenantmigration.embedded.workload.WorkloadSchema} creates the tables, {@link
 * com.matih.tenantmigration.embedded.workload.Workload} writes one tenant's rows and notes in a
 * {@link com.matih.tenantmigration.embedded.workload.WorkloadJournal} what was acknowledged, and
 * {@link com.matih.tenantmigration.embedded.workload.judge.WorkloadJudge} looks for it. None of
 * them shares code with the migration.
 */
@NullMarked
package com.matih.tenantmigration.embedded.workload;

import org.jspecify.annotations.NullMarked;

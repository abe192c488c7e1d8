package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.fence.LockedChange;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.sessions.HeldTable;
import com.matih.tenantmigration.activities.postgres.sessions.TableHolders;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Warns in the plan of open and prepared transactions that would keep the fence from being raised:
 * the fence waits for whoever has written to a table of the tenant's, whoever's rows those were.
 */
final class LongTransactions {

  /** A transaction that has been open for so long may well be open when the fence is raised. */
  private static final Duration LONG = Duration.ofSeconds(5);

  private LongTransactions() {}

  static void examine(Connection source, List<TenantTable> tables, PlanNotes findings)
      throws SQLException {
    List<TableHolders.Named> fenced =
        WriteFence.fenced(tables).stream()
            .map(TenantTable::name)
            .map(table -> new TableHolders.Named(Identifiers.quote(table), table.toString()))
            .toList();
    for (HeldTable held :
        TableHolders.of(source, fenced, LockedChange.Mode.SHARE_ROW_EXCLUSIVE.conflicting())) {
      if (held.transaction().map(open -> open.compareTo(LONG) >= 0).orElse(true)) {
        findings.warn(
            held.table(),
            ("is held by %s. The write fence waits %d s for transactions that have"
                    + " written to or locked a table; then the migration rolls back. End the"
                    + " transaction, or start when it has ended.")
                .formatted(held.holder(), WriteFence.Limits.DEFAULT.drain().toSeconds()));
      }
    }
  }
}

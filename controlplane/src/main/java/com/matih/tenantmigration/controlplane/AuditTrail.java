package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.database.Transactions;
import java.util.List;

/**
 * Who did what to a tenant and when; append only, by the database's own refusal of anything else.
 *
 * <p>All methods throw {@link com.matih.tenantmigration.workflow.MigrationException} (retryable but
 * for missing rights) where the control plane cannot be reached.
 */
public final class AuditTrail {

  private final Transactions transactions;
  private final AuditRows rows;

  AuditTrail(Transactions transactions, AuditRows rows) {
    this.transactions = transactions;
    this.rows = rows;
  }

  /** Adds a line unless the migration's step has one; answers whether it did. */
  public boolean append(AuditEntry entry) {
    return transactions.run("write the audit trail", connection -> rows.append(connection, entry));
  }

  /** Whether the migration's step has a line. */
  public boolean has(String migrationId, String step) {
    return transactions.run(
        "read the audit trail",
        connection -> rows.details(connection, migrationId, step).isPresent());
  }

  /** All lines of a tenant's migrations, the oldest first. */
  public List<AuditLine> list(String tenant) {
    return transactions.run("read the audit trail", connection -> rows.list(connection, tenant));
  }
}

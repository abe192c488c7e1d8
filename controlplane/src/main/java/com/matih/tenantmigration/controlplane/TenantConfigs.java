package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.database.Transactions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The configuration of all tenants. Every change is a compare-and-set on the row's version and is
 * announced by {@code NOTIFY tenant_config, '<tenant>'} when it commits.
 *
 * <p>All methods throw {@link com.matih.tenantmigration.workflow.MigrationException} (retryable but
 * for missing rights) where the control plane cannot be reached.
 */
public final class TenantConfigs {

  private final Transactions transactions;
  private final AuditRows audit;
  private final ObjectMapper json;

  TenantConfigs(Transactions transactions, AuditRows audit, ObjectMapper json) {
    this.transactions = transactions;
    this.audit = audit;
    this.json = json;
  }

  public Optional<TenantConfig> find(String tenant) {
    return transactions.run(
        "read the tenant's configuration", connection -> TenantConfigRows.find(connection, tenant));
  }

  /** All tenants, by id. */
  public List<TenantConfig> all() {
    return transactions.run("read the tenants' configuration", TenantConfigRows::all);
  }

  /** Adds a tenant unless it is there; answers whether it did. Its version begins at 1. */
  public boolean add(TenantConfig config) {
    return transactions.run(
        "add a tenant's configuration", connection -> TenantConfigRows.insert(connection, config));
  }

  /**
   * Changes a tenant's configuration if nobody has since {@code seen} was read.
   *
   * @return whether it was changed
   */
  public boolean compareAndSet(TenantConfig seen, TenantConfig next) {
    return transactions.run(
        "change a tenant's configuration",
        connection -> TenantConfigRows.compareAndSet(connection, seen.version(), next).isPresent());
  }

  /**
   * Has the work look at a tenant's configuration, and change it, while nobody else can; it commits
   * together with what it adds to the audit trail, unless the work throws.
   */
  public <T> T locked(String tenant, Function<LockedTenantConfig, T> work) {
    return transactions.run(
        "change the tenant's configuration",
        connection ->
            work.apply(
                new LockedTenantConfig(
                    connection,
                    audit,
                    json,
                    TenantConfigRows.lock(connection, tenant).orElse(null))));
  }
}

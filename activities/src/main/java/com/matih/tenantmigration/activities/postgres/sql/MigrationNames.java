package com.matih.tenantmigration.activities.postgres.sql;

/** The names under which a migration leaves something in a database that others look at too. */
public final class MigrationNames {

  /**
   * The schema of the shared database that holds fences; it never travels to the target, and
   * neither does a trigger whose function lies in it.
   */
  public static final String FENCE_SCHEMA = "tenant_migration_fence";

  /** The name of each fence trigger starts with this; {@code ~} sorts after all letters. */
  public static final String FENCE_TRIGGER_PREFIX = "~~~tenant_migration_fence_";

  /**
   * The schema of the dedicated database that holds the ledger of what has arrived, and who
   * provisioned it; dropped at the end.
   */
  public static final String LEDGER_SCHEMA = "tenant_migration";

  private MigrationNames() {}
}

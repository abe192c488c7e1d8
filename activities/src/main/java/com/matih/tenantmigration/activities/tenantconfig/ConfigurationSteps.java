package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.AuditEntry;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Phase;
import java.util.Map;

/** The steps of a migration on the tenant's configuration, as the audit trail keeps them. */
enum ConfigurationSteps {
  READ_ONLY(Phase.FENCE, "TENANT_READ_ONLY"),
  SWITCH_ROUTE(Phase.CUTOVER, "ROUTE_SWITCHED"),
  ACTIVATE(Phase.CUTOVER, "TENANT_ACTIVATED"),
  /** No step forward gets through any more, not even of a late attempt. */
  WITHDRAW(Phase.ROLLING_BACK, "CONFIGURATION_WITHDRAWN"),
  ROUTE_BACK(Phase.ROLLING_BACK, "ROUTE_RESTORED"),
  REACTIVATE(Phase.ROLLING_BACK, "TENANT_REACTIVATED");

  /** What the keys of all these steps begin with. */
  static final String PREFIX = "TENANT_CONFIG/";

  private final Phase phase;
  private final String event;

  ConfigurationSteps(Phase phase, String event) {
    this.phase = phase;
    this.event = event;
  }

  /** The step's key in the audit trail. */
  String key() {
    return PREFIX + name();
  }

  /** How the audit trail calls it. */
  String event() {
    return event;
  }

  /** The line that commits with the step. */
  AuditEntry entry(MigrationContext context) {
    return new AuditEntry(
        context.migrationId(), context.tenant(), key(), phase, event, "DONE", Map.of());
  }
}

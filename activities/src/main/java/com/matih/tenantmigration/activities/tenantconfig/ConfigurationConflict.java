package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.controlplane.LockedTenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;

/** Says who changed a tenant's configuration under a migration, and what differs. */
final class ConfigurationConflict {

  private ConfigurationConflict() {}

  static String describe(
      LockedTenantConfig locked, MigrationContext context, List<String> differences) {
    String who =
        locked
            .lastOtherChanger(context.tenant(), context.migrationId(), ConfigurationSteps.PREFIX)
            .map("another than this migration (the last one was %s)"::formatted)
            .orElse("something other than a migration");
    String when = locked.current().map(TenantConfig::updatedAt).map(" at %s"::formatted).orElse("");
    return "The configuration of tenant %s was changed%s by %s: %s."
        .formatted(context.tenant(), when, who, String.join(", ", differences));
  }
}

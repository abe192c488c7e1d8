package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.activities.temporal.ActivityRunner;
import com.matih.tenantmigration.controlplane.AuditTrail;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.controlplane.Migrations;
import com.matih.tenantmigration.controlplane.TenantConfigs;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.RepairActivities;
import com.matih.tenantmigration.workflow.repair.RepairFindings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the control plane remembers of a migration that is repaired, as an activity. */
public final class RepairActivitiesImpl implements RepairActivities {

  /** As the journal names them. */
  private static final List<StoreName> STORES =
      List.of(
          StoreName.POSTGRES,
          StoreName.OBJECT_STORAGE,
          StoreName.KAFKA,
          StoreName.ELASTICSEARCH,
          StoreName.REDIS);

  private final Migrations migrations;
  private final TenantConfigs configs;
  private final AuditTrail audit;
  private final MigrationJournal journal;

  public RepairActivitiesImpl(ControlPlane controlPlane) {
    migrations = controlPlane.migrations();
    configs = controlPlane.tenantConfigs();
    audit = controlPlane.auditTrail();
    journal = controlPlane.journal();
  }

  @Override
  public RepairFindings read(MigrationContext context) {
    return ActivityRunner.call(context, monitor -> look(context));
  }

  private RepairFindings look(MigrationContext context) {
    String id = context.migrationId();
    Map<String, List<String>> intents = new HashMap<>();
    for (StoreName store : STORES) {
      intents.put(store.key(), journal.intents(id, store.key()));
    }
    return new RepairFindings(
        migrations.find(id).map(MigrationRecord::report).orElse(null),
        isDone(context, ConfigurationSteps.ACTIVATE),
        isDone(context, ConfigurationSteps.SWITCH_ROUTE),
        isDone(context, ConfigurationSteps.ROUTE_BACK),
        configs.find(context.tenant()).map(config -> config.state().name()).orElse(null),
        readOnlySince(context),
        intents);
  }

  private boolean isDone(MigrationContext context, ConfigurationSteps step) {
    return audit.has(context.migrationId(), step.key());
  }

  private @Nullable Instant readOnlySince(MigrationContext context) {
    return audit.list(context.tenant()).stream()
        .filter(line -> line.migrationId().equals(context.migrationId()))
        .filter(line -> line.event().equals(ConfigurationSteps.READ_ONLY.event()))
        .map(line -> line.at())
        .findFirst()
        .orElse(null);
  }
}

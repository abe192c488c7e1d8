package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;

/** Opens the two clusters of a migration. */
public final class KafkaClients {

  private final SecretResolver secrets;

  public KafkaClients(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * The shared cluster; closed by the caller.
   *
   * @param monitor ends what waits for the cluster when the work must stop
   */
  public KafkaCluster source(MigrationContext context, ProgressMonitor monitor) {
    return new KafkaCluster(
        "The shared Kafka cluster",
        context.spec(KafkaSpec.class).source(),
        secrets,
        context.migrationId(),
        monitor);
  }

  /**
   * The dedicated cluster; closed by the caller.
   *
   * @param monitor ends what waits for the cluster when the work must stop
   */
  public KafkaCluster target(MigrationContext context, ProgressMonitor monitor) {
    return new KafkaCluster(
        "The dedicated Kafka cluster",
        context.spec(KafkaSpec.class).target(),
        secrets,
        context.migrationId(),
        monitor);
  }
}

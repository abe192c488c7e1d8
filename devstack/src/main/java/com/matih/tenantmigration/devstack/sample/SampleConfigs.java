package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.time.Instant;

/** What the control plane says of the sample tenants while they live in the shared cluster. */
public final class SampleConfigs {

  private SampleConfigs() {}

  /**
   * A tenant's configuration on the shared side.
   *
   * @param isolation which of the two forms of the database serves it
   */
  public static TenantConfig shared(SampleTenant tenant, Isolation isolation, Side shared) {
    return new TenantConfig(
        tenant.id(),
        tenant.tier(),
        TenantConfig.State.ACTIVE,
        shared.jdbcUrl(SampleDatabase.DATABASE)
            + "?currentSchema="
            + SampleRequests.sourceSchema(tenant, isolation),
        "s3://" + SampleObjects.BUCKET + "/" + tenant.objectPrefix(),
        shared.kafkaBootstrap(),
        shared.elasticsearchUrl(),
        shared.redisUri(),
        1,
        Instant.now());
  }
}

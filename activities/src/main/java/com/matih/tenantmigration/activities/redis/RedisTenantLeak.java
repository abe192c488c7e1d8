package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.RedisSpec;

/**
 * Looks in the dedicated Redis for keys that were not warmed: a key does not say whose it is, and
 * what this migration warmed came from the tenant's own database.
 */
public final class RedisTenantLeak implements TenantLeakProbe {

  private final RedisConnections connections;

  public RedisTenantLeak(SecretResolver secrets) {
    this.connections = new RedisConnections(secrets);
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    Finding finding = new Finding();
    try (Cache dedicated = connections.dedicated(spec, monitor)) {
      finding.compared(
          ForeignKeys.find(
              dedicated,
              context.migrationId(),
              key -> finding.mismatch("redis key %s is not the tenant's".formatted(key))));
    }
    return finding.comparedCount() == 0
        ? Finding.notApplicable("the dedicated Redis holds no keys")
        : finding;
  }
}

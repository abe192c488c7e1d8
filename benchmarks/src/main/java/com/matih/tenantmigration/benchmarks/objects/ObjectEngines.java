package com.matih.tenantmigration.benchmarks.objects;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.PointObjectChecks;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.benchmarks.stores.OwnEngines;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.Map;

/** This program's copy of objects and its checks, as the activities run them. */
final class ObjectEngines extends OwnEngines {

  private final StoreServers servers;
  private final ObjectStores stores;

  ObjectEngines(StoreServers servers) {
    this.servers = servers;
    S3Server shared = servers.shared(S3Server.class);
    Map<String, String> secrets =
        Map.of("ACCESS_KEY", shared.accessKey(), "SECRET_KEY", shared.secretKey());
    this.stores = new ObjectStores(SecretResolver.ofOperator(secrets::get));
  }

  @Override
  protected MigrationContext prepare(String target) {
    MigrationContext context =
        OwnMigration.of(
            servers,
            """
            objectStorage:
              source: {endpoint: "%s", region: %s, bucket: %s, prefix: %s, accessKey: "${env:ACCESS_KEY}", secretKey: "${env:SECRET_KEY}"}
              target: {endpoint: "%s", region: %2$s, bucket: %s, accessKey: "${env:ACCESS_KEY}", secretKey: "${env:SECRET_KEY}"}
              concurrency: %d
            """
                .formatted(
                    servers.shared(S3Server.class).endpoint(),
                    ObjectsBench.REGION,
                    ObjectsBench.SHARED_BUCKET,
                    ObjectsBench.PREFIX,
                    servers.dedicated(S3Server.class).endpoint(),
                    target,
                    ObjectsBench.CONCURRENCY));
    new BucketProvisioner(stores, servers.journal()).provision(context, MONITOR);
    return context;
  }

  @Override
  protected void copy(MigrationContext context) {
    var unused = new ObjectCopier(stores, servers.journal()).copy(context, MONITOR);
  }

  @Override
  protected void check(MigrationContext context) {
    PointObjectChecks checks = new PointObjectChecks(stores, servers.journal());
    requirePassed(CheckName.OBJECT_COUNT, checks.counts(context, MONITOR));
    requirePassed(CheckName.OBJECT_SIZE, checks.sizes(context, MONITOR));
    requirePassed(CheckName.OBJECT_CHECKSUM, checks.contents(context, MONITOR));
  }
}

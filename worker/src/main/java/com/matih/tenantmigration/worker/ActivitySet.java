package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.elasticsearch.ElasticsearchActivitiesImpl;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorages;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.kafka.KafkaActivitiesImpl;
import com.matih.tenantmigration.activities.objectstorage.ObjectStorageActivitiesImpl;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.BucketObjectPresence;
import com.matih.tenantmigration.activities.objectstorage.snapshot.S3SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.PostgresActivitiesImpl;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.client.ReplicaLag;
import com.matih.tenantmigration.activities.postgres.compare.PostgresDedicatedRows;
import com.matih.tenantmigration.activities.postgres.plan.PlannedColumnTexts;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.redis.RedisActivitiesImpl;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.tenantconfig.RecordActivitiesImpl;
import com.matih.tenantmigration.activities.tenantconfig.RecordListener;
import com.matih.tenantmigration.activities.tenantconfig.RepairActivitiesImpl;
import com.matih.tenantmigration.activities.tenantconfig.TenantConfigActivitiesImpl;
import com.matih.tenantmigration.activities.tenantconfig.TenantRemovalGuard;
import com.matih.tenantmigration.activities.verification.VerificationActivitiesImpl;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together everything that a worker can do. */
final class ActivitySet {

  private ActivitySet() {}

  /**
   * One object for each activity interface.
   *
   * @param records learns what comes on record
   * @param queryRole the role in which a request's queries run; null for the request's user
   */
  static Object[] of(
      ControlPlane controlPlane,
      SecretResolver secrets,
      RecordListener records,
      @Nullable String queryRole) {
    MigrationJournal journal = controlPlane.journal();
    RemovalGuard guard = new TenantRemovalGuard(controlPlane.tenantConfigs());
    ObjectStores objects = new ObjectStores(secrets);
    SnapshotStorages snapshots = new SnapshotStorages(new S3SnapshotStorage.Provider(objects));
    PostgresConnections postgres = new PostgresConnections(secrets);
    Throttles throttles = new Throttles(journal, new ReplicaLag(postgres));
    QuerySessions queries = new QuerySessions(postgres, queryRole);
    PostgresDedicatedRows rows = new PostgresDedicatedRows(queries);
    CheckSet checks =
        new CheckSet(
            secrets,
            controlPlane.serviceInstances(),
            journal,
            guard,
            throttles,
            snapshots,
            queries);
    return List.of(
            new RecordActivitiesImpl(controlPlane, records),
            new TenantConfigActivitiesImpl(controlPlane, secrets),
            new RepairActivitiesImpl(controlPlane),
            new PostgresActivitiesImpl(
                secrets,
                journal,
                throttles,
                guard,
                snapshots,
                new BucketObjectPresence(objects),
                queryRole),
            new ObjectStorageActivitiesImpl(secrets, journal, throttles, guard),
            new KafkaActivitiesImpl(secrets, journal, throttles, guard),
            new ElasticsearchActivitiesImpl(secrets, journal, throttles, guard),
            new RedisActivitiesImpl(secrets, journal, guard, rows, new PlannedColumnTexts(queries)),
            new VerificationActivitiesImpl(
                checks.rows(), checks.laterReferences(), checks.lateWrites(), checks::check))
        .toArray();
  }
}

package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorages;
import com.matih.tenantmigration.activities.kafka.compare.KafkaSourceQuiet;
import com.matih.tenantmigration.activities.kafka.compare.KafkaTenantLeak;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.BucketObjectPresence;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageSourceQuiet;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageTenantLeak;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.postgres.compare.PostgresDedicatedRows;
import com.matih.tenantmigration.activities.postgres.compare.PostgresSourceQuiet;
import com.matih.tenantmigration.activities.postgres.compare.PostgresTenantLeak;
import com.matih.tenantmigration.activities.postgres.compare.QueryComparison;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.redis.RedisTenantLeak;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.verification.ApiHealthCheck;
import com.matih.tenantmigration.activities.verification.CacheContentCheck;
import com.matih.tenantmigration.activities.verification.Check;
import com.matih.tenantmigration.activities.verification.DocumentContentCheck;
import com.matih.tenantmigration.activities.verification.ObjectChecksumCheck;
import com.matih.tenantmigration.activities.verification.ObjectCountCheck;
import com.matih.tenantmigration.activities.verification.ObjectSizeCheck;
import com.matih.tenantmigration.activities.verification.PrimaryKeyChecksumCheck;
import com.matih.tenantmigration.activities.verification.QueryTestCheck;
import com.matih.tenantmigration.activities.verification.RecordContentCheck;
import com.matih.tenantmigration.activities.verification.RowContentCheck;
import com.matih.tenantmigration.activities.verification.RowCountCheck;
import com.matih.tenantmigration.activities.verification.SourceQuietCheck;
import com.matih.tenantmigration.activities.verification.StorageReferencesCheck;
import com.matih.tenantmigration.activities.verification.TenantLeakCheck;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import java.util.List;

/** Puts the checks together, each with what it reads through. */
final class CheckSet {

  private final SecretResolver secrets;
  private final MigrationJournal journal;
  private final PostgresConnections postgres;
  private final ObjectStores objects;
  private final SnapshotStorages snapshots;
  private final QuerySessions queries;

  CheckSet(
      SecretResolver secrets,
      MigrationJournal journal,
      SnapshotStorages snapshots,
      QuerySessions queries) {
    this.snapshots = snapshots;
    this.queries = queries;
    this.secrets = secrets;
    this.journal = journal;
    this.postgres = new PostgresConnections(secrets);
    this.objects = new ObjectStores(secrets);
  }

  List<Check> checks() {
    TableComparison tables = new TableComparison(postgres, snapshots);
    return List.of(
        new RowCountCheck(tables),
        new PrimaryKeyChecksumCheck(tables),
        new RowContentCheck(tables),
        new ObjectCountCheck(objects),
        new ObjectSizeCheck(objects),
        new ObjectChecksumCheck(objects),
        new RecordContentCheck(secrets, journal),
        new DocumentContentCheck(secrets),
        new CacheContentCheck(secrets, journal, new PostgresDedicatedRows(queries)),
        new StorageReferencesCheck(
            new DedicatedReferences(postgres, new BucketObjectPresence(objects))),
        new QueryTestCheck(new QueryComparison(queries)),
        new ApiHealthCheck(secrets),
        tenantLeak(),
        sourceQuiet());
  }

  private Check tenantLeak() {
    return new TenantLeakCheck(
        List.of(
            new PostgresTenantLeak(postgres),
            new ObjectStorageTenantLeak(objects),
            new KafkaTenantLeak(secrets),
            new ElasticsearchTenantLeak(secrets),
            new RedisTenantLeak(secrets)));
  }

  private Check sourceQuiet() {
    return new SourceQuietCheck(
        List.of(
            new PostgresSourceQuiet(postgres, new WriteFence(postgres, journal)),
            new ObjectStorageSourceQuiet(objects, journal),
            new KafkaSourceQuiet(secrets, journal),
            new ElasticsearchSourceQuiet(secrets, journal)));
  }
}

package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.elasticsearch.compare.DocumentComparison;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorages;
import com.matih.tenantmigration.activities.kafka.compare.KafkaSourceQuiet;
import com.matih.tenantmigration.activities.kafka.compare.KafkaTenantLeak;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.BucketObjectPresence;
import com.matih.tenantmigration.activities.objectstorage.compare.ListingComparison;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
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
import com.matih.tenantmigration.activities.redis.CacheComparison;
import com.matih.tenantmigration.activities.redis.RedisTenantLeak;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.verification.ApiHealthCheck;
import com.matih.tenantmigration.activities.verification.Check;
import com.matih.tenantmigration.activities.verification.Probes;
import com.matih.tenantmigration.activities.verification.RowChecks;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;

/** Knows the engine of each check, and the stores that a check of all of them asks. */
final class CheckSet {

  private final SecretResolver secrets;
  private final MigrationJournal journal;
  private final PostgresConnections postgres;
  private final ObjectStores objects;
  private final TableComparison tables;
  private final QuerySessions queries;

  CheckSet(
      SecretResolver secrets,
      MigrationJournal journal,
      SnapshotStorages snapshots,
      QuerySessions queries) {
    this.secrets = secrets;
    this.journal = journal;
    this.queries = queries;
    this.postgres = new PostgresConnections(secrets);
    this.objects = new ObjectStores(secrets);
    this.tables = new TableComparison(postgres, snapshots);
  }

  /** The engine of all checks of rows. */
  RowChecks rows() {
    return tables::rows;
  }

  Check check(CheckName name) {
    return switch (name) {
      case ROW_COUNT -> tables::rowCounts;
      case PRIMARY_KEY_CHECKSUM -> tables::primaryKeys;
      case ROW_CONTENT -> tables::rowContents;
      case OBJECT_COUNT -> new ListingComparison(objects)::compareCounts;
      case OBJECT_SIZE -> new ListingComparison(objects)::compareSizes;
      case OBJECT_CHECKSUM -> new ObjectContentComparison(objects)::compare;
      case RECORD_CONTENT -> new RecordComparison(secrets, journal)::compare;
      case DOCUMENT_CONTENT -> new DocumentComparison(secrets)::compare;
      case CACHE_CONTENT ->
          new CacheComparison(secrets, journal, new PostgresDedicatedRows(queries))::compare;
      case STORAGE_REFERENCES ->
          new DedicatedReferences(postgres, new BucketObjectPresence(objects))::follow;
      case QUERY_TEST -> new QueryComparison(queries)::compare;
      case API_HEALTH -> new ApiHealthCheck(secrets);
      case TENANT_LEAK -> this::searchForOtherTenants;
      case SOURCE_QUIET -> this::searchForLateWrites;
    };
  }

  private Finding searchForOtherTenants(MigrationContext context, ProgressMonitor monitor) {
    List<TenantLeakProbe> stores =
        List.of(
            new PostgresTenantLeak(postgres),
            new ObjectStorageTenantLeak(objects),
            new KafkaTenantLeak(secrets),
            new ElasticsearchTenantLeak(secrets),
            new RedisTenantLeak(secrets));
    return Probes.runAll(stores, store -> store.findForeign(context, monitor));
  }

  private Finding searchForLateWrites(MigrationContext context, ProgressMonitor monitor) {
    List<SourceQuietProbe> stores =
        List.of(
            new PostgresSourceQuiet(postgres, new WriteFence(postgres, journal)),
            new ObjectStorageSourceQuiet(objects, journal),
            new KafkaSourceQuiet(secrets, journal),
            new ElasticsearchSourceQuiet(secrets, journal));
    return Probes.runAll(stores, store -> store.findWrites(context, monitor));
  }
}

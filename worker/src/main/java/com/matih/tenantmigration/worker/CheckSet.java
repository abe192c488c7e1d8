package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentContentCheck;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorages;
import com.matih.tenantmigration.activities.engine.throttle.Throttles;
import com.matih.tenantmigration.activities.kafka.compare.KafkaSourceQuiet;
import com.matih.tenantmigration.activities.kafka.compare.KafkaTenantLeak;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.compare.BucketObjectPresence;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageSourceQuiet;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectStorageTenantLeak;
import com.matih.tenantmigration.activities.objectstorage.compare.PointObjectChecks;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.postgres.compare.PointComparison;
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
import com.matih.tenantmigration.activities.verification.AfterSettle;
import com.matih.tenantmigration.activities.verification.ApiHealthCheck;
import com.matih.tenantmigration.activities.verification.Check;
import com.matih.tenantmigration.activities.verification.Probes;
import com.matih.tenantmigration.activities.verification.RowChecks;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.controlplane.ServiceInstances;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.StoreSpec;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Knows the engine of each check, and the stores that a check of all of them asks. */
final class CheckSet {

  private final SecretResolver secrets;
  private final ServiceInstances services;
  private final MigrationJournal journal;
  private final RemovalGuard guard;
  private final Throttles throttles;
  private final PostgresConnections postgres;
  private final ObjectStores objects;
  private final TableComparison tables;
  private final PointComparison points;
  private final DedicatedReferences references;
  private final QuerySessions queries;

  CheckSet(
      SecretResolver secrets,
      ServiceInstances services,
      MigrationJournal journal,
      RemovalGuard guard,
      Throttles throttles,
      SnapshotStorages snapshots,
      QuerySessions queries) {
    this.secrets = secrets;
    this.services = services;
    this.journal = journal;
    this.guard = guard;
    this.throttles = throttles;
    this.queries = queries;
    this.postgres = new PostgresConnections(secrets);
    this.objects = new ObjectStores(secrets);
    this.tables = new TableComparison(postgres, snapshots);
    this.points = new PointComparison(postgres, journal);
    this.references = new DedicatedReferences(postgres, journal, new BucketObjectPresence(objects));
  }

  /** The engine of all checks of rows. */
  RowChecks rows() {
    return (context, monitor) ->
        context.request().has(PostgresSpec.class)
            ? throttles.reading(
                context,
                StoreName.POSTGRES,
                monitor,
                throttled ->
                    context.tenantWorks()
                        ? points.rows(context, throttled)
                        : tables.rows(context, throttled))
            : CheckName.OF_ROWS.stream()
                .collect(
                    Collectors.toMap(Function.identity(), check -> leftOut(StoreName.POSTGRES)));
  }

  /** The engine of STORAGE_REFERENCES for what came after it. */
  Check laterReferences() {
    return ofRows(references::followLater);
  }

  /** The engine of SOURCE_QUIET for the time after the cutover. */
  Check lateWrites() {
    return new AfterSettle(
        lateWrites(
            PostgresSourceQuiet.afterCutover(postgres, fence()),
            ObjectStorageSourceQuiet.afterCutover(objects, journal)));
  }

  private Finding queryTest(MigrationContext context, ProgressMonitor monitor) {
    QueryComparison comparison = new QueryComparison(queries);
    return context.tenantWorks()
        ? comparison.compareAtPoint(context, postgres, journal, monitor)
        : comparison.compare(context, monitor);
  }

  /** The engine of a check; it does not apply where the request leaves its store out. */
  Check check(CheckName name) {
    return switch (name) {
      case ROW_COUNT -> ofRows(tables::rowCounts);
      case PRIMARY_KEY_CHECKSUM -> ofRows(tables::primaryKeys);
      case ROW_CONTENT -> ofRows(tables::rowContents);
      case STORAGE_REFERENCES -> ofRows(references::follow);
      case QUERY_TEST -> ofRows(this::queryTest);
      case OBJECT_COUNT -> ofObjects(new PointObjectChecks(objects, journal)::counts);
      case OBJECT_SIZE -> ofObjects(new PointObjectChecks(objects, journal)::sizes);
      case OBJECT_CHECKSUM -> ofObjects(new PointObjectChecks(objects, journal)::contents);
      case RECORD_CONTENT ->
          of(KafkaSpec.class, StoreName.KAFKA, new RecordComparison(secrets, journal)::compare);
      case DOCUMENT_CONTENT ->
          of(
              ElasticsearchSpec.class,
              StoreName.ELASTICSEARCH,
              new DocumentContentCheck(secrets, journal)::compare);
      case CACHE_CONTENT ->
          of(
              RedisSpec.class,
              StoreName.REDIS,
              new CacheComparison(secrets, journal, guard, new PostgresDedicatedRows(queries))
                  ::compare);
      case API_HEALTH -> new ApiHealthCheck(secrets, services);
      case TENANT_LEAK -> this::searchForOtherTenants;
      case SOURCE_QUIET ->
          lateWrites(
              PostgresSourceQuiet.beforeCutover(postgres, fence(), journal),
              new ObjectStorageSourceQuiet(objects, journal));
    };
  }

  private Check ofRows(Check check) {
    return of(PostgresSpec.class, StoreName.POSTGRES, check);
  }

  private Check ofObjects(Check check) {
    return of(ObjectStorageSpec.class, StoreName.OBJECT_STORAGE, check);
  }

  private Check of(Class<? extends StoreSpec> store, StoreName name, Check check) {
    return (context, monitor) ->
        context.request().has(store)
            ? throttles.reading(context, name, monitor, throttled -> check.run(context, throttled))
            : leftOut(name);
  }

  private static Finding leftOut(StoreName store) {
    return Finding.notApplicable("the request leaves %s out".formatted(store.key()));
  }

  private Finding searchForOtherTenants(MigrationContext context, ProgressMonitor monitor) {
    List<TenantLeakProbe> probes =
        migrated(
            context,
            List.<Probe<TenantLeakProbe>>of(
                new Probe<>(PostgresSpec.class, new PostgresTenantLeak(postgres)),
                new Probe<>(ObjectStorageSpec.class, new ObjectStorageTenantLeak(objects, journal)),
                new Probe<>(KafkaSpec.class, new KafkaTenantLeak(secrets)),
                new Probe<>(ElasticsearchSpec.class, new ElasticsearchTenantLeak(secrets)),
                new Probe<>(RedisSpec.class, new RedisTenantLeak(secrets))));
    return Probes.runAll(probes, probe -> probe.findForeign(context, monitor));
  }

  private WriteFence fence() {
    return new WriteFence(postgres, journal);
  }

  private Check lateWrites(PostgresSourceQuiet ofRows, ObjectStorageSourceQuiet ofObjects) {
    return (context, monitor) -> searchForLateWrites(ofRows, ofObjects, context, monitor);
  }

  private Finding searchForLateWrites(
      PostgresSourceQuiet ofRows,
      ObjectStorageSourceQuiet ofObjects,
      MigrationContext context,
      ProgressMonitor monitor) {
    List<SourceQuietProbe> probes =
        migrated(
            context,
            List.<Probe<SourceQuietProbe>>of(
                new Probe<>(PostgresSpec.class, ofRows),
                new Probe<>(ObjectStorageSpec.class, ofObjects),
                new Probe<>(KafkaSpec.class, new KafkaSourceQuiet(secrets, journal)),
                new Probe<>(
                    ElasticsearchSpec.class, new ElasticsearchSourceQuiet(secrets, journal))));
    return Probes.runSideBySide(probes, monitor, (probe, own) -> probe.findWrites(context, own));
  }

  /** A store's part of a check of all stores. */
  private record Probe<P>(Class<? extends StoreSpec> store, P look) {}

  private static <P> List<P> migrated(MigrationContext context, List<Probe<P>> probes) {
    return probes.stream()
        .filter(probe -> context.request().has(probe.store()))
        .map(Probe::look)
        .toList();
  }
}

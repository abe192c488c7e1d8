package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests of the tenant acme for tests of the PostgreSQL engines. */
public final class TestRequests {

  private TestRequests() {}

  public static MigrationRequest withObjectStorage(@Nullable ObjectStorageSpec storage) {
    return request("acme", null, storage, List.of());
  }

  public static MigrationRequest withPostgres(PostgresSpec postgres) {
    return request("acme", postgres, null, List.of());
  }

  public static MigrationRequest request(
      String tenantKey,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec storage,
      List<String> queries) {
    return request(tenantKey, postgres, storage, queries, OnRollback.DROP);
  }

  public static MigrationRequest request(
      String tenantKey,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec storage,
      List<String> queries,
      OnRollback onRollback) {
    return request(tenantKey, postgres, storage, null, queries, onRollback);
  }

  public static MigrationRequest request(
      String tenantKey,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec storage,
      @Nullable RedisSpec redis,
      List<String> queries) {
    return request(tenantKey, postgres, storage, redis, queries, OnRollback.DROP);
  }

  private static MigrationRequest request(
      String tenantKey,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec storage,
      @Nullable RedisSpec redis,
      List<String> queries,
      OnRollback onRollback) {
    return new MigrationRequest(
        "acme",
        tenantKey,
        new TierChange("STARTER", "ENTERPRISE"),
        Mode.OFFLINE,
        Approval.AUTOMATIC,
        onRollback,
        Duration.ofSeconds(1),
        null,
        new SnapshotSpec("file:/tmp"),
        postgres,
        storage,
        null,
        null,
        redis,
        new VerificationSpec(List.of(), queries));
  }

  /** The same with another store timeout. */
  public static MigrationRequest withStoreTimeout(MigrationRequest plain, Duration storeTimeout) {
    return new MigrationRequest(
        plain.tenant(),
        plain.tenantKey(),
        plain.tier(),
        plain.mode(),
        plain.approval(),
        plain.onRollback(),
        plain.settle(),
        storeTimeout,
        plain.snapshot(),
        plain.postgres(),
        plain.objectStorage(),
        plain.kafka(),
        plain.elasticsearch(),
        plain.redis(),
        plain.verification());
  }

  public static MigrationContext context(String migrationId, MigrationRequest request) {
    return new MigrationContext(migrationId, "tenant-migration-acme", "run", request);
  }
}

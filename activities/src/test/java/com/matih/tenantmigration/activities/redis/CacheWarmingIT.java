package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.ServerFolder;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class CacheWarmingIT {

  private static final Logger log = LoggerFactory.getLogger(CacheWarmingIT.class);
  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();
  private static final PostgresSpec POSTGRES =
      new PostgresSpec(
          new PostgresSpec.Database("jdbc:postgresql://localhost/shared", "migrator", null),
          new PostgresSpec.Database("jdbc:postgresql://localhost/acme", "migrator", null),
          PostgresSpec.Isolation.ROWS,
          "shared_schema",
          "public",
          "tenant_id",
          List.of(),
          List.of(),
          1,
          List.of());
  private static final String BY_ID = "SELECT id, owner, body FROM queries ORDER BY id";

  private static ServerFolder folder;
  private static RedisServer sharedServer;
  private static RedisServer frequencyServer;
  private static RedisServer dedicatedServer;
  private static RedisClient client;
  private static StatefulRedisConnection<String, String> sharedConnection;
  private static StatefulRedisConnection<String, String> frequencyConnection;
  private static StatefulRedisConnection<String, String> dedicatedConnection;

  private final RedisCommands<String, String> shared = sharedConnection.sync();
  private final RedisCommands<String, String> dedicated = dedicatedConnection.sync();
  private final SecretResolver secrets = new SecretResolver(name -> null);
  private final RedisConnections connections = new RedisConnections(secrets);
  private final MigrationJournal journal = TestJournal.create();
  private final TestRows rows = new TestRows();
  private final CacheWarmer warmer = new CacheWarmer(connections, journal, rows);
  private final CacheEvictor evictor = new CacheEvictor(connections, journal);
  private final CacheComparison comparison = new CacheComparison(secrets, journal, rows);
  private final RedisTenantLeak leak = new RedisTenantLeak(secrets);
  private final String migrationId = TestJournal.newMigrationId();
  private final MigrationContext context = context(sharedServer.uri(), loader("query:{id}", BY_ID));

  @BeforeAll
  static void startServers() {
    folder = ServerFolder.temporary("cache-it-");
    sharedServer = RedisServer.start(folder, "shared");
    frequencyServer = RedisServer.start(folder, "frequency", "allkeys-lfu");
    dedicatedServer = RedisServer.start(folder, "dedicated");
    client = RedisClient.create();
    sharedConnection = client.connect(RedisURI.create(sharedServer.uri()));
    frequencyConnection = client.connect(RedisURI.create(frequencyServer.uri()));
    dedicatedConnection = client.connect(RedisURI.create(dedicatedServer.uri()));
  }

  @AfterAll
  static void stopServers() {
    client.shutdown();
    sharedServer.close();
    frequencyServer.close();
    dedicatedServer.close();
    folder.close();
  }

  @BeforeEach
  void emptyServers() {
    shared.flushall();
    frequencyConnection.sync().flushall();
    dedicated.flushall();
    shared.configResetstat();
  }

  @Test
  void valuesComeFromTheDedicatedDatabaseAndAreNeverReadFromTheSharedCache() {
    rows.fill(10);
    rows.execute("INSERT INTO queries VALUES (11, 'x', NULL)");
    shared.set("acme:query:3", "stale", SetArgs.Builder.ex(Duration.ofSeconds(500)));
    shared.set("acme:query:4", "stale");
    shared.set("globex:query:5", "foreign", SetArgs.Builder.ex(Duration.ofSeconds(901)));

    var summary = warmer.warm(context, MONITOR);

    assertThat(summary.redis().keys()).isEqualTo(10);
    assertThat(dedicated.get("query:3")).isEqualTo("body of 3");
    assertThat(dedicated.ttl("query:3")).isBetween(480L, 500L);
    assertThat(dedicated.ttl("query:4")).isBetween(3500L, 3600L);
    assertThat(dedicated.ttl("query:5")).isBetween(3500L, 3600L);
    assertThat(shared.info("commandstats"))
        .contains("cmdstat_pttl", "cmdstat_scan")
        .doesNotContain("cmdstat_get", "cmdstat_mget", "cmdstat_dump", "cmdstat_hgetall");
    Finding finding = comparison.compare(context, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(10);
    assertThat(leak.findForeign(context, MONITOR).mismatchCount()).isZero();
  }

  @Test
  void keysThatAreHotInTheSharedCacheAreWarmedFirst() {
    rows.fill(1500);
    for (int i = 1400; i < 1410; i++) {
      shared.set("acme:query:" + i, "stale", SetArgs.Builder.ex(Duration.ofSeconds(500)));
    }
    List<String> seen = new ArrayList<>();
    CacheWarmer watching =
        new CacheWarmer(
            connections,
            journal,
            (of, sql, monitor, row) ->
                rows.read(
                    of,
                    sql,
                    monitor,
                    values -> {
                      // by the time the first other keys come, the hot ones are there
                      if (values.get("id").equals("1") && dedicated.exists("query:1409") == 1) {
                        seen.add("hot before 1: " + dedicated.exists("query:1"));
                      }
                      row.accept(values);
                    }));

    watching.warm(context, MONITOR);

    assertThat(seen).containsExactly("hot before 1: 0");
    assertThat(dedicated.exists("query:1", "query:1400", "query:1500")).isEqualTo(3);
  }

  @Test
  void onlyTheHottestAreKeptWhereThereAreMore() {
    RedisCommands<String, String> frequency = frequencyConnection.sync();
    for (int i = 1; i <= 2000; i++) {
      frequency.set("acme:*[query]:" + i, "stale");
    }
    frequency.set("acme:other", "stale");
    for (int use = 0; use < 200; use++) {
      frequency.get("acme:*[query]:77");
      frequency.get("acme:*[query]:1234");
    }

    MigrationContext byFrequency = context(frequencyServer.uri(), loader("q:{id}", BY_ID));
    try (Cache cache = connections.shared(RedisNames.spec(byFrequency), MONITOR)) {
      assertThat(HotKeys.read(cache, "acme:*[query]:", 2)).containsExactlyInAnyOrder("77", "1234");
      assertThat(HotKeys.read(cache, "acme:*[query]:", 5000)).hasSize(2000);
    }
    shared.set("acme:cold", "1");
    shared.set("acme:warm", "1");
    try (Cache cache = connections.shared(RedisNames.spec(context), MONITOR)) {
      assertThat(HotKeys.read(cache, "acme:", 10)).containsExactlyInAnyOrder("cold", "warm");
    }
  }

  @Test
  void aRollbackDeletesTheWarmedKeysAndNoOthersAndLeavesNothingOfItsOwn() {
    rows.fill(2500);
    warmer.warm(context, MONITOR);
    dedicated.set("somebody:else", "1");

    RollbackStep step = evictor.evict(context, MONITOR);

    assertThat(step.status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(step.message()).contains("2500 warmed keys", "1 keys that it did not warm");
    assertThat(dedicated.keys("*")).containsExactly("somebody:else");
    assertThat(evictor.evict(context, MONITOR).status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(dedicated.keys("*")).containsExactly("somebody:else");
  }

  @Test
  void aWarmerThatWasOvertakenByAnEvictionWritesNothingMore() {
    rows.fill(2000);
    CacheWarmer overtaken =
        new CacheWarmer(
            connections,
            journal,
            (of, sql, monitor, row) ->
                rows.read(
                    of,
                    sql,
                    monitor,
                    values -> {
                      if (values.get("id").equals("1200")) {
                        evictor.evict(context, MONITOR);
                      }
                      row.accept(values);
                    }));

    assertThatThrownBy(() -> overtaken.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WRITER_SUPERSEDED);
    assertThat(dedicated.dbsize()).isZero();
    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WRITER_SUPERSEDED);
    assertThat(dedicated.dbsize()).isZero();
  }

  @Test
  void aCancelledWarmingBeginsAnewInItsNextAttempt() {
    rows.fill(5000);
    CancellableMonitor cancelling = CancellableMonitor.cancellingAfter(1000);

    assertThatThrownBy(() -> warmer.warm(context, cancelling))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
    rows.execute("DELETE FROM queries WHERE id = 1");
    rows.execute("UPDATE queries SET body = 'newer' WHERE id = 2");
    long began = System.nanoTime();
    assertThat(warmer.warm(context, MONITOR).redis().keys()).isEqualTo(4999);
    log.info("4999 keys warmed in {} ms", (System.nanoTime() - began) / 1_000_000);

    assertThat(dedicated.get("query:2")).isEqualTo("newer");
    assertThat(dedicated.exists("query:1")).isZero();
    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void changedMissingAndExtraKeysAreFoundByName() {
    rows.fill(50);
    warmer.warm(context, MONITOR);
    dedicated.set("query:7", "another tenant's");
    dedicated.del("query:8");
    dedicated.set("query:globex", "1");

    assertThat(comparison.compare(context, MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "cache key query:7 holds another value than the dedicated database",
            "cache key query:8 is missing",
            "cache key query:globex is not from any loader");
    assertThat(leak.findForeign(context, MONITOR).namedMismatches())
        .containsExactly("redis key query:globex is not the tenant's");
  }

  @Test
  void keysWhoseTimeHasComeAreNotMissed() {
    rows.fill(5);
    MigrationContext brief =
        context(
            sharedServer.uri(),
            new RedisSpec.Loader("query:{id}", BY_ID, "body", Duration.ofMillis(300)));
    warmer.warm(brief, MONITOR);
    await().until(() -> dedicated.keys("query:*").isEmpty());

    Finding finding = comparison.compare(brief, MONITOR);

    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(5);
  }

  @Test
  void rowsThatRepeatAKeyAreOneKeyAndContradictingOnesAreRefused() {
    rows.fill(20);
    MigrationContext repeating =
        context(
            sharedServer.uri(), loader("owner:{owner}", "SELECT owner, 'v' AS body FROM queries"));
    assertThat(warmer.warm(repeating, MONITOR).redis().keys()).isEqualTo(7);
    Finding finding = comparison.compare(repeating, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(7);

    MigrationContext contradicting =
        context(sharedServer.uri(), loader("owner:{owner}", "SELECT owner, body FROM queries"));
    assertThatThrownBy(() -> warmer.warm(contradicting, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("owner:user-")
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void aColumnThatTheQueryLacksIsNamed() {
    rows.fill(3);
    MigrationContext wrong = context(sharedServer.uri(), loader("query:{uuid}", BY_ID));

    assertThatThrownBy(() -> warmer.warm(wrong, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("uuid")
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void aCacheWithKeysIsRefusedAndLeftAlone() {
    rows.fill(3);
    dedicated.set("theirs", "1");

    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
    assertThat(evictor.evict(context, MONITOR).status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(dedicated.keys("*")).containsExactly("theirs");
  }

  @Test
  void afterTheCutoverTheKeysStayAndTheirListGoes() {
    rows.fill(3);
    warmer.warm(context, MONITOR);
    assertThat(dedicated.dbsize()).isEqualTo(5);

    evictor.removeWarmedIndex(context, MONITOR);
    evictor.removeWarmedIndex(context, MONITOR);

    assertThat(dedicated.keys("*")).containsExactlyInAnyOrder("query:1", "query:2", "query:3");
  }

  @Test
  void aPlanNamesEveryProblemAtOnceAndChangesNothing() {
    shared.set("acme:a", "1");
    shared.set("globex:a", "1");
    dedicated.set("theirs", "1");
    MigrationContext wrong = context(sharedServer.uri(), loader("constant", BY_ID));

    PlanFindings findings = new CachePlanner(connections).plan(wrong, MONITOR);

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder("constant", "dedicated Redis");
    assertThat(findings.stores().redis().keys()).isEqualTo(1);
    assertThat(dedicated.keys("*")).containsExactly("theirs");

    MigrationContext unreachable = context("redis://127.0.0.1:1", loader("query:{id}", BY_ID));
    assertThat(new CachePlanner(connections).plan(unreachable, MONITOR).refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("redis.source");
              assertThat(refusal.reason())
                  .startsWith("The shared Redis at 127.0.0.1:1 could not be reached")
                  .endsWith(".");
              assertThat(refusal.remedy()).startsWith("Check that it runs");
            });
    dedicated.flushall();
    assertThat(new CachePlanner(connections).plan(context, MONITOR).refusals()).isEmpty();
    assertThat(dedicated.dbsize()).isZero();
  }

  @Test
  void aPasswordOfAnyCharactersIsGivenAsItIs() {
    String password = "p@ss/w:rd%20+#";
    dedicated.configSet("requirepass", password);
    try {
      SecretResolver withPassword = new SecretResolver(name -> password);
      RedisSpec spec =
          new RedisSpec(
              new RedisSpec.Source(sharedServer.uri(), ""),
              new RedisSpec.Target(
                  dedicatedServer.uri().replace("redis://", "redis://:${env:REDIS_PASSWORD}@")),
              List.of());
      try (Cache cache = new RedisConnections(withPassword).dedicated(spec, MONITOR)) {
        String answer = cache.call("answer", redis -> redis.ping());
        assertThat(answer).isEqualTo("PONG");
      }
      SecretResolver wrong = new SecretResolver(name -> "wrong");
      assertThatThrownBy(() -> new RedisConnections(wrong).dedicated(spec, MONITOR))
          .isInstanceOf(MigrationException.class)
          .hasMessageNotContaining("wrong")
          .extracting("type")
          .isEqualTo(FailureType.PERMISSION_DENIED);
    } finally {
      dedicated.configSet("requirepass", "");
    }
  }

  private static RedisSpec.Loader loader(String key, String sql) {
    return new RedisSpec.Loader(key, sql, "body", Duration.ofHours(1));
  }

  private MigrationContext context(String sharedUri, RedisSpec.Loader loader) {
    RedisSpec spec =
        new RedisSpec(
            new RedisSpec.Source(sharedUri, "acme:"),
            new RedisSpec.Target(dedicatedServer.uri()),
            List.of(loader));
    MigrationRequest request =
        new MigrationRequest(
            "acme",
            "acme-tenant-id",
            new TierChange("STARTER", "ENTERPRISE"),
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ofSeconds(1),
            new SnapshotSpec("file:/tmp"),
            POSTGRES,
            null,
            null,
            null,
            spec,
            VerificationSpec.NONE);
    return new MigrationContext(migrationId, "tenant-migration-acme", "run", request);
  }
}

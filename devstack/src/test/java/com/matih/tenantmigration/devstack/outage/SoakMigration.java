package com.matih.tenantmigration.devstack.outage;

import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.IndexScan;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.StartedMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Migrates a tenant while its service writes, has a fault happen to it, and compares everything
 * that the tenant has afterwards: on the dedicated side, or on the shared side where it was rolled
 * back.
 */
final class SoakMigration {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int CUTS_OF_STORE = 3;

  /** Its answer is the database's name, which differs. */
  private static final VerificationSpec FAILING =
      new VerificationSpec(
          List.of(),
          List.of("SELECT current_database(), count(*) FROM {schema}.queries WHERE {tenant}"));

  private final OutageStack stack;
  private final OutageTenant tenant;
  private final SoakFault fault;
  private final Mode mode;
  private final Random random;
  private final Duration usual;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param usual how long a migration takes about
   */
  SoakMigration(OutageStack stack, OutageTenant tenant, Random random, Duration usual) {
    this.stack = stack;
    this.tenant = tenant;
    this.random = random;
    this.usual = usual;
    this.fault = SoakFault.any(random);
    this.mode = random.nextBoolean() ? Mode.ONLINE : Mode.OFFLINE;
  }

  /**
   * What became of it.
   *
   * @param written all that the service has written since the tenant began
   */
  record Result(
      OutageTenant tenant,
      String migrationId,
      SoakFault fault,
      Mode mode,
      Outcome outcome,
      Duration took,
      List<TenantServices.Written> written,
      List<String> problems) {

    @Override
    public String toString() {
      return "%s %s %-7s %-13s %-11s %3d s %s"
          .formatted(
              tenant.id(),
              migrationId,
              mode,
              fault,
              outcome,
              took.toSeconds(),
              problems.isEmpty() ? "" : "PROBLEM " + problems);
    }
  }

  /**
   * Runs it.
   *
   * @param before what the service had written earlier
   */
  Result run(List<TenantServices.Written> before) throws InterruptedException {
    Instant began = Instant.now();
    try (TenantServices services = new TenantServices(stack, List.of(tenant))) {
      StartedMigration started = stack.migrations().start(request());
      happen(started);
      MigrationReport report = stack.migrations().awaitOutcome(started);
      Duration took = Duration.between(began, Instant.now());
      endFault();
      TenantServices.Seen seen = services.of(tenant);
      boolean arrived = report.outcome() == Outcome.COMPLETED;
      awaitWrite(seen, arrived);
      seen.stop();
      await().atMost(PATIENCE).until(() -> !seen.isWriting());
      List<TenantServices.Written> written = new ArrayList<>(before);
      written.addAll(seen.written());
      judgeOutcome(report);
      if (arrived) {
        compare(DedicatedContent.expected(tenant, written), DedicatedContent.found(stack, tenant));
        judgeArrival();
      } else {
        compare(sharedExpected(written), sharedFound());
        problems.addAll(new Leftovers(stack, tenant, report).unnamed());
        judgeFenceIsGone(started.migrationId());
      }
      return new Result(
          tenant,
          started.migrationId(),
          fault,
          mode,
          report.outcome(),
          took,
          List.copyOf(written),
          List.copyOf(problems));
    }
  }

  private MigrationRequest request() {
    MigrationRequest right = tenant.request(false, mode);
    return fault != SoakFault.FAILING_CHECK
        ? right
        : new MigrationRequest(
            right.tenant(),
            right.tenantKey(),
            right.tier(),
            right.mode(),
            right.approval(),
            right.onRollback(),
            right.settle(),
            right.storeTimeout(),
            right.snapshot(),
            right.postgres(),
            right.objectStorage(),
            right.kafka(),
            right.elasticsearch(),
            right.redis(),
            FAILING);
  }

  private void happen(StartedMigration started) throws InterruptedException {
    switch (fault) {
      case NONE, FAILING_CHECK -> {}
      case CUTS -> cut(started);
      case CANCEL -> {
        awaitAnyMoment();
        steer(() -> stack.migrations().cancel(tenant.id(), "soak", "soak"));
      }
      case PAUSE -> {
        awaitAnyMoment();
        steer(
            () -> {
              stack.migrations().pause(tenant.id(), "soak", "soak");
              return "";
            });
        Thread.sleep(500 + random.nextInt(3_000));
        steer(
            () -> {
              stack.migrations().resume(tenant.id(), "soak");
              return "";
            });
      }
    }
  }

  private void awaitAnyMoment() throws InterruptedException {
    Thread.sleep((long) (random.nextDouble() * usual.toMillis()));
  }

  /** A command that comes too late, or before there is a migration, has no effect. */
  private static void steer(java.util.function.Supplier<String> command) {
    try {
      var unused = command.get();
    } catch (OperationRejectedException e) {
      // the outcome shows
    }
  }

  /** A plan refuses at once where a store cannot be reached, so the cuts begin behind it. */
  private void cut(StartedMigration started) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                stack
                    .controlPlane()
                    .migrations()
                    .find(started.migrationId())
                    .filter(record -> record.phase() != Phase.PREFLIGHT)
                    .isPresent());
    SeededCuts cuts = new SeededCuts(random.nextLong(), CUTS_OF_STORE);
    for (Store store : Store.values()) {
      tenant.doors().before(store).cutAt(cuts.before(store));
    }
  }

  private void endFault() {
    for (Store store : Store.values()) {
      tenant.doors().before(store).cutAt(null);
    }
  }

  private void awaitWrite(TenantServices.Seen seen, boolean onDedicatedSide) {
    Instant ended = Instant.now();
    try {
      await()
          .atMost(Judge.PROMISE)
          .until(
              () ->
                  seen.firstWrite(ended)
                      .filter(row -> row.dedicated() == onDedicatedSide)
                      .isPresent());
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      problems.add("its writes are refused: " + seen.refusal());
    }
  }

  private void judgeOutcome(MigrationReport report) {
    boolean good =
        switch (fault) {
          case NONE, CUTS, PAUSE -> report.outcome() == Outcome.COMPLETED;
          case CANCEL ->
              report.outcome() == Outcome.COMPLETED || report.outcome() == Outcome.ROLLED_BACK;
          case FAILING_CHECK -> report.outcome() == Outcome.ROLLED_BACK;
        };
    if (!good) {
      problems.add(
          "the outcome is %s: %s %s %s"
              .formatted(report.outcome(), report.failure(), report.refusals(), report.rollback()));
    }
  }

  private void compare(Map<String, Object> expected, Map<String, Object> found) {
    expected.forEach(
        (what, right) -> {
          if (!right.equals(found.get(what))) {
            problems.add("%s: %s instead of %s".formatted(what, found.get(what), right));
          }
        });
  }

  /** What only the migration needed on the dedicated side is gone. */
  private void judgeArrival() {
    Side dedicated = stack.sides().dedicated();
    List<String> schemas =
        Databases.query(
            dedicated,
            tenant.ownDatabase(),
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant\\_migration%'");
    if (!schemas.isEmpty()) {
      problems.add("the dedicated database has " + schemas);
    }
    String aliases =
        new ElasticsearchHttp(dedicated.elasticsearchUrl())
            .send("GET", "/" + tenant.id() + "-docs/_alias")
            .toString();
    if (aliases.contains("tenant-migration")) {
      problems.add("the dedicated index has " + aliases);
    }
  }

  private void judgeFenceIsGone(String migrationId) {
    List<String> left =
        Databases.query(
            stack.sides().shared(),
            tenant.database(),
            """
            SELECT proname FROM pg_proc WHERE starts_with(proname, 'fence_%1$s')
            UNION ALL SELECT relname FROM pg_class WHERE starts_with(relname, 'fence_%1$s')
            """
                .formatted(migrationId));
    if (!left.isEmpty()) {
      problems.add("of its fence stands " + left);
    }
  }

  private Map<String, Object> sharedExpected(List<TenantServices.Written> written) {
    Map<String, Object> content = new TreeMap<>(DedicatedContent.expected(tenant, written));
    Map<String, String> objects = new TreeMap<>();
    for (int n = 0; n < OutageSample.EACH; n++) {
      String key = tenant.prefix() + "object-" + n;
      objects.put(key, key);
    }
    content.put("objects", objects);
    content.put("keys", List.of(tenant.id() + ":query:1"));
    // they lie among those of others, and nothing but retention removes one
    content.remove("records");
    content.remove("position");
    return content;
  }

  private Map<String, Object> sharedFound() {
    Side shared = stack.sides().shared();
    Map<String, Object> content = new TreeMap<>();
    content.put(
        "queries",
        Databases.query(
                shared,
                tenant.database(),
                "SELECT body FROM app.queries WHERE tenant_id = '%s'".formatted(tenant.id()))
            .stream()
            .sorted()
            .toList());
    content.put(
        "runs",
        Databases.query(
            shared,
            tenant.database(),
            "SELECT count(*) || '|' || count(DISTINCT query_id) FROM app.runs WHERE tenant_id = '%s'"
                .formatted(tenant.id())));
    Map<String, String> objects = new TreeMap<>();
    try (S3Client s3 = S3Clients.of(shared)) {
      for (String key : BucketScan.keys(s3, OutageSample.BUCKET, tenant.prefix())) {
        objects.put(
            key,
            s3.getObjectAsBytes(get -> get.bucket(OutageSample.BUCKET).key(key)).asUtf8String());
      }
    }
    content.put("objects", objects);
    Map<String, String> documents = new TreeMap<>();
    IndexScan.read(
        new ElasticsearchHttp(shared.elasticsearchUrl()),
        OutageSample.INDEX,
        hit -> {
          if (hit.path("_source").path("tenant_id").asText().equals(tenant.id())) {
            documents.put(hit.path("_id").asText(), hit.path("_source").path("title").asText());
          }
        });
    content.put("documents", documents);
    content.put(
        "keys",
        RedisClients.with(shared.redisUri(), redis -> redis.sync().keys(tenant.id() + ":*")));
    return content;
  }
}

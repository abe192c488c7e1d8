package com.matih.tenantmigration.activities.postgres.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestObjects;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresPlannerIT {

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());
  private final String migrationId = TestJournal.newMigrationId();
  private final String role = "planner_" + migrationId;
  private final TestDatabase target = TestDatabase.named(TestServers.dedicatedPostgres());
  private TestDatabase source;

  @BeforeEach
  void createSource() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.queries (id int PRIMARY KEY, tenant_id text NOT NULL, uri text)",
        "INSERT INTO shared.queries SELECT i, CASE WHEN i % 4 = 0 THEN 'acme' ELSE 'globex' END,"
            + " 's3://shared/tenants/acme/' || i FROM generate_series(1, 400) i",
        "UPDATE shared.queries SET uri = 'https://elsewhere/x' WHERE id = 4",
        "ANALYZE shared.queries");
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    source.close();
    target.close();
    source.inMaintenance("DROP ROLE IF EXISTS " + role);
    target.inMaintenance("DROP ROLE IF EXISTS " + role);
  }

  @Test
  void aMovableTenantIsCountedAndNothingIsRefusedOrCreated() throws SQLException {
    PlanFindings plan = plan(request(source.spec(), target.spec()));

    assertThat(plan.refusals()).isEmpty();
    StoresSummary.Postgres postgres = plan.stores().postgres();
    assertThat(postgres).isNotNull();
    assertThat(postgres.tables()).hasSize(1);
    StoresSummary.Table queries = postgres.tables().get(0);
    assertThat(queries.table()).isEqualTo("public.queries");
    assertThat(queries.rows()).isEqualTo(100);
    assertThat(queries.bytes()).isPositive();
    assertThat(plan.warnings())
        .extracting(Warning::object)
        .contains("shared.queries.uri", "verification.queries");
    assertThat(
            source.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant_migration%'"))
        .isEmpty();
  }

  @Test
  void aLargerTableTakesLongerToCopy() throws SQLException {
    StoreEstimate small = estimate();
    source.execute(
        "INSERT INTO shared.queries SELECT i, 'acme', repeat(md5(i::text), 20)"
            + " FROM generate_series(1001, 60000) i",
        "ANALYZE shared.queries");
    StoreEstimate large = estimate();

    assertThat(small.copySeconds()).isLessThan(6);
    assertThat(large.copySeconds()).isGreaterThan(small.copySeconds() + 0.1);
    assertThat(large.drainSeconds()).isEqualTo(small.drainSeconds()).isPositive();
  }

  private StoreEstimate estimate() {
    PlanFindings plan = plan(request(source.spec(), target.spec()));
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.estimates()).singleElement().extracting("unknown").isNull();
    return plan.estimates().get(0);
  }

  @Test
  void bothSidesAreReportedAtOnceEvenIfNeitherCanBeUsed() {
    PostgresSpec.Database nobody =
        new PostgresSpec.Database("jdbc:postgresql://127.0.0.1:1/x", "u", "${env:NOT_SET}");
    PostgresSpec.Database unreachable =
        new PostgresSpec.Database("jdbc:postgresql://127.0.0.1:1/x", "u", null);

    PlanFindings plan = plan(request(nobody, unreachable));

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactly("postgres.source", "postgres.target");
    assertThat(plan.refusals().get(0).reason()).contains("NOT_SET");
    assertThat(plan.refusals().get(1).reason()).contains("127.0.0.1:1").endsWith(".");
    assertThat(plan.refusals().get(1).remedy()).startsWith("Check that the server is running");
  }

  @Test
  void aWrongPasswordIsARefusalThatDoesNotRepeatIt() {
    PostgresSpec.Database wrong =
        new PostgresSpec.Database(source.spec().url(), "postgres", "s3cr3t-but-wrong");

    PlanFindings plan = plan(request(wrong, target.spec()));

    assertThat(plan.refusals()).hasSize(1);
    assertThat(plan.refusals().get(0).reason()).contains("password authentication failed");
    assertThat(plan.refusals().get(0).remedy()).isEqualTo("Correct the user or the password.");
    assertThat(plan.toString()).doesNotContain("s3cr3t-but-wrong");
  }

  @Test
  void aUserWithoutRightsIsRefusedForEachRightThatItLacks() throws SQLException {
    source.execute(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
        "GRANT USAGE ON SCHEMA shared TO %s".formatted(role),
        "CREATE TABLE shared.users (id int PRIMARY KEY, tenant_id text)",
        "GRANT SELECT ON shared.queries TO %s".formatted(role),
        "ALTER TABLE shared.queries ENABLE ROW LEVEL SECURITY");
    target.inMaintenance("CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role));
    try {
      PlanFindings plan = plan(request(source.specAs(role), target.specAs(role)));

      assertThat(plan.refusals())
          .extracting(Refusal::object)
          .contains("shared.users", "shared.queries", source.name(), target.name());
      assertThat(plan.refusals())
          .extracting(Refusal::reason)
          .anyMatch(reason -> reason.contains("row security"))
          .anyMatch(reason -> reason.contains("only an owner can raise"))
          .anyMatch(reason -> reason.contains("has no right to create databases"));
    } finally {
      source.execute("DROP OWNED BY " + role);
    }
  }

  @Test
  void aTargetsUserThatCannotEndTheSessionsOfServicesIsWarnedOf() throws SQLException {
    target.inMaintenance("CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret'".formatted(role));
    assertThat(plan(request(source.spec(), target.specAs(role))).warnings())
        .anyMatch(warning -> warning.message().contains("pg_signal_backend"));

    target.inMaintenance("GRANT pg_signal_backend TO " + role);
    assertThat(plan(request(source.spec(), target.specAs(role))).warnings())
        .noneMatch(warning -> warning.message().contains("pg_signal_backend"));
    assertThat(plan(request(source.spec(), target.spec())).warnings())
        .noneMatch(warning -> warning.message().contains("pg_signal_backend"));
  }

  @Test
  void aTargetThatHoldsSomethingIsRefusedAndAnEmptyOneTaken() throws SQLException {
    target.inMaintenance("CREATE DATABASE " + target.name());
    assertThat(plan(request(source.spec(), target.spec())).refusals()).isEmpty();

    target.execute("CREATE TABLE public.precious (id int)");
    PlanFindings plan = plan(request(source.spec(), target.spec()));

    assertThat(plan.refusals()).hasSize(1);
    assertThat(plan.refusals().get(0).reason()).contains("not empty", "public.precious");
  }

  @Test
  void aPolicysRoleThatTheTargetLacksIsRefused() throws SQLException {
    source.execute(
        "CREATE ROLE " + role,
        "CREATE POLICY own ON shared.queries TO %s USING (tenant_id = 'acme')".formatted(role));
    try {
      PlanFindings plan = plan(request(source.spec(), target.spec()));

      assertThat(plan.refusals()).extracting(Refusal::object).containsExactly("role " + role);
    } finally {
      source.execute("DROP POLICY own ON shared.queries", "DROP ROLE " + role);
    }
  }

  @Test
  void queriesThatCannotSucceedAreRefusedAndNothingIsRun() throws SQLException {
    MigrationRequest request =
        request(
            source.spec(),
            target.spec(),
            List.of(
                "SELECT uri FROM {schema}.queries WHERE {tenant}",
                "SELECT urri FROM {schema}.queries WHERE {tenant}",
                "SELECT id FROM {schema}.queries ORDER BY id; ",
                "DELETE FROM {schema}.queries WHERE {tenant}",
                "DELETE FROM {schema}.queries RETURNING id",
                "WITH gone AS (DELETE FROM {schema}.queries RETURNING id) SELECT id FROM gone",
                "SELECT 1; CREATE TABLE shared.planted (id int)"),
            new RedisSpec(
                new RedisSpec.Source("redis://127.0.0.1:1", "acme:"),
                new RedisSpec.Target("redis://127.0.0.1:1"),
                List.of(
                    new RedisSpec.Loader(
                        "q:{id}", "SELECT id, uri FROM queries", "uri", Duration.ofHours(1)),
                    new RedisSpec.Loader(
                        "r:{id}", "SELEKT id FROM queries", "id", Duration.ofHours(1)),
                    new RedisSpec.Loader(
                        "s:{id}", "SELECT id FROM elsewhere", "id", Duration.ofHours(1)),
                    new RedisSpec.Loader(
                        "t:{id}:{nope}",
                        "SELECT id FROM queries -- all",
                        "text",
                        Duration.ofHours(1)))));

    PlanFindings plan = plan(request);

    assertThat(plan.refusals())
        .extracting(Refusal::object)
        .containsExactly(
            "verification.queries",
            "verification.queries",
            "verification.queries",
            "verification.queries",
            "verification.queries",
            "redis.warm r:{id}",
            "redis.warm t:{id}:{nope}");
    assertThat(plan.refusals())
        .extracting(Refusal::reason)
        .satisfiesExactly(
            wrongColumn -> assertThat(wrongColumn).contains("urri"),
            delete -> assertThat(delete).contains("DELETE"),
            returning -> assertThat(returning).contains("RETURNING"),
            hidden -> assertThat(hidden).contains("contains a part that changes rows"),
            two -> assertThat(two).contains("planted"),
            typo -> assertThat(typo).contains("SELEKT"),
            columns -> assertThat(columns).contains("has a query without the column nope, text"));
    assertThat(source.query("SELECT count(*) FROM shared.queries")).containsExactly("400");
    assertThat(plan.warnings()).extracting(Warning::object).contains("redis.warm s:{id}");
  }

  @Test
  void loadersWhoseColumnsDoNotMakeTheirKeysAreRefused() throws SQLException {
    MigrationRequest request =
        request(
            source.spec(),
            target.spec(),
            List.of(),
            new RedisSpec(
                new RedisSpec.Source("redis://127.0.0.1:1", "acme:"),
                new RedisSpec.Target("redis://127.0.0.1:1"),
                List.of(
                    loader(
                        "hash:{id}",
                        RedisSpec.Type.HASH,
                        "SELECT id, uri FROM queries",
                        null,
                        null),
                    loader("empty:{id}", RedisSpec.Type.HASH, "SELECT id FROM queries", null, null),
                    loader(
                        "twice:{id}",
                        RedisSpec.Type.HASH,
                        "SELECT id, 1 AS a, 2 AS a FROM queries",
                        null,
                        null),
                    loader(
                        "bytes:{b}",
                        RedisSpec.Type.SET,
                        "SELECT '\\x00'::bytea AS b, 'x' AS m",
                        "m",
                        null),
                    loader(
                        "time:{id}",
                        RedisSpec.Type.ZSET,
                        "SELECT 1 AS id, now() AS at",
                        "id",
                        "at"),
                    loader(
                        "zset:{id}",
                        RedisSpec.Type.ZSET,
                        "SELECT id, 1.5 AS s FROM queries",
                        "id",
                        "s"),
                    loader(
                        "lacks:{id}",
                        RedisSpec.Type.ZSET,
                        "SELECT id FROM queries",
                        "id",
                        "score"))));

    assertThat(plan(request).refusals())
        .extracting(refusal -> refusal.object() + " " + refusal.reason())
        .satisfiesExactlyInAnyOrder(
            empty -> assertThat(empty).startsWith("redis.warm empty:{id} ").contains("no field"),
            twice -> assertThat(twice).startsWith("redis.warm twice:{id} ").contains("two columns"),
            bytes -> assertThat(bytes).startsWith("redis.warm bytes:{b} ").contains("is bytea"),
            time -> assertThat(time).startsWith("redis.warm time:{id} ").contains("not a number"),
            lacks -> assertThat(lacks).contains("lacks:{id}", "without the column score"));
  }

  private static RedisSpec.Loader loader(
      String key, RedisSpec.Type type, String sql, @Nullable String value, @Nullable String score) {
    return new RedisSpec.Loader(key, type, sql, value, List.of(), score, Duration.ofHours(1));
  }

  @Test
  void aKeyThatMarksNoRowIsWarnedOf() throws SQLException {
    source.execute("DELETE FROM shared.queries WHERE tenant_id = 'acme'");

    assertThat(plan(request(source.spec(), target.spec())).warnings())
        .anyMatch(warning -> warning.message().contains("tenantKey"));
  }

  @Test
  void aMachineWithoutClientProgramsIsRefusedWithThePackageToInstall(@TempDir Path empty) {
    PlanFindings plan =
        new PostgresPlanner(
                connections,
                new ClientPrograms(empty.toString(), List.of(empty)),
                new QuerySessions(connections, null),
                TestObjects.ALL)
            .plan(
                TestRequests.context(migrationId, request(source.spec(), target.spec())),
                ProgressMonitor.unmonitored());

    assertThat(plan.refusals()).hasSize(1);
    assertThat(plan.refusals().get(0).reason()).contains("postgresql-client");
  }

  private PlanFindings plan(MigrationRequest request) {
    return new PostgresPlanner(
            connections,
            new ClientPrograms(),
            new QuerySessions(connections, null),
            TestObjects.ALL)
        .plan(TestRequests.context(migrationId, request), ProgressMonitor.unmonitored());
  }

  private static MigrationRequest request(
      PostgresSpec.Database source, PostgresSpec.Database target) {
    return request(source, target, List.of(), null);
  }

  private static MigrationRequest request(
      PostgresSpec.Database source,
      PostgresSpec.Database target,
      List<String> queries,
      @Nullable RedisSpec redis) {
    ObjectStorageSpec.Location shared =
        new ObjectStorageSpec.Location(null, "eu", "shared", "tenants/acme/", null, null);
    ObjectStorageSpec.Location dedicated =
        new ObjectStorageSpec.Location(null, "eu", "dedicated", "", null, null);
    return TestRequests.request(
        "acme",
        PostgresSpecBuilder.rows(source, target)
            .storageReferences(List.of(new StorageReference("queries", "uri")))
            .build(),
        new ObjectStorageSpec(shared, dedicated, 1),
        redis,
        queries);
  }
}

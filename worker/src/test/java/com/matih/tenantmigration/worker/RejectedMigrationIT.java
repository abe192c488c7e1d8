package com.matih.tenantmigration.worker;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.HeldActivities.Hold;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.TestPlatform.Reach;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dedicated store refuses for good: the tenant is back at once, and is told why. */
@Order(1) // it takes long
class RejectedMigrationIT {

  /**
   * What is promised, from the failure to the tenant's writes and to ROLLED_BACK. Half a minute
   * more is for a machine on which ten such suites run: the way back is some fifteen steps, each of
   * which passes through several threads of worker and Temporal. Retries took 500 s.
   */
  private static final Duration SOON = Duration.ofSeconds(15).plusSeconds(30);

  private static final String VALUE = "jane@acme.example";

  private static final String POSTGRES =
      """
      postgres:
        source: {url: "@sharedJdbc@", user: "@sharedUser@", password: "${env:TEST_PG_PASSWORD}"}
        target: {url: "@dedicatedJdbc@", user: "@dedicatedUser@", password: "${env:TEST_OWN_PASSWORD}"}
        isolation: rows
        sourceSchema: app
        targetSchema: public
        tenantColumn: tenant_id
      """;

  private static final HeldActivities HELD = new HeldActivities();

  private static TestPlatform platform;

  @TempDir private Path folder;
  private SeededTenant tenant = new SeededTenant("", Map.of());

  @BeforeAll
  static void start() throws SQLException {
    platform =
        TestPlatform.with(
            List.of(HELD),
            new Reach(
                new References(List.of("TEST_*"), null),
                new Hosts(null, null),
                Map.of(
                    "TEST_PG_PASSWORD", TestServers.postgres().password(),
                    "TEST_OWN_PASSWORD", TestServers.dedicatedPostgres().password(),
                    "TEST_S3_KEY", TestServers.s3().accessKey(),
                    "TEST_S3_SECRET", TestServers.s3().secretKey())));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void seed() throws Exception {
    tenant = SeededTenant.create(folder, folder);
    platform.addTenant(tenant.name());
  }

  @Test
  void aConstraintThatTheRowsViolateRollsBackAtOnceAndIsNamed() throws Exception {
    inSharedDatabase(
        "CREATE FUNCTION app.accepts(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
        "CREATE TABLE app.users (id int PRIMARY KEY, tenant_id text, email text,"
            + " CONSTRAINT known_mail CHECK (app.accepts(email)))",
        "INSERT INTO app.users VALUES (1, '" + tenant.name() + "', '" + VALUE + "')");

    migrate(
        POSTGRES,
        HELD.before("TakeSnapshot"),
        () ->
            inSharedDatabase(
                "CREATE OR REPLACE FUNCTION app.accepts(text) RETURNS boolean LANGUAGE sql"
                    + " IMMUTABLE AS 'SELECT false'"));

    assertRolledBackSoon(FailureType.DATA_REJECTED, "known_mail", "app.users", "SQLSTATE 23514");
  }

  @Test
  void anIndexWhoseFunctionIsMissingRollsBackAtOnceAndBothAreNamed() throws Exception {
    inSharedDatabase(
        "CREATE FUNCTION app.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
        "SET search_path = app",
        "CREATE FUNCTION app.mail(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN plain($1); END'",
        "CREATE TABLE app.users (id int PRIMARY KEY, tenant_id text, email text)",
        "INSERT INTO app.users VALUES (1, '" + tenant.name() + "', '" + VALUE + "')",
        "CREATE INDEX users_by_mail ON app.users (app.mail(email))");

    migrate(
        POSTGRES,
        HELD.before("TakeSnapshot"),
        () -> inSharedDatabase("DROP FUNCTION app.plain(text)"));

    assertRolledBackSoon(
        FailureType.DATA_REJECTED, "users_by_mail", "function plain(text) does not exist");
  }

  @Test
  void anObjectThatMayNotBeWrittenRollsBackAtOnceAndIsNamed() throws Exception {
    try (DenyingProxy dedicated =
        new DenyingProxy(TestServers.dedicatedS3().endpoint(), "note.txt")) {
      migrate(
          """
          objectStorage:
            source: {endpoint: "@sharedS3@", bucket: "@tenant@-shared", prefix: "t/", accessKey: "${env:TEST_S3_KEY}", secretKey: "${env:TEST_S3_SECRET}"}
            target: {endpoint: "%s", bucket: "@tenant@-own", accessKey: "${env:TEST_S3_KEY}", secretKey: "${env:TEST_S3_SECRET}"}
          """
              .formatted(dedicated.endpoint()));

      assertRolledBackSoon(FailureType.PERMISSION_DENIED, own("s3://%s/note.txt"), "AccessDenied");
    }
  }

  @Test
  void aRecordThatTheBrokersFindTooLargeRollsBackAtOnceAndIsNamed() throws Exception {
    // of ids that differ, so that no compression makes it small enough
    String large =
        Stream.generate(() -> UUID.randomUUID().toString()).limit(200).collect(joining());
    new OneTopic(tenant.name(), folder).send(large);
    migrate(
        """
        kafka:
          source: {bootstrapServers: "@sharedKafka@"}
          target: {bootstrapServers: "@dedicatedKafka@"}
          topics: [{from: "@tenant@-shared", to: "@tenant@-own", tenant: {header: tenant-id}}]
        """,
        HELD.before("ReplayTopics"),
        () -> takeOnlyRecordsOf(1000));

    assertRolledBackSoon(
        FailureType.NOT_MOVABLE, own("%s-0"), tenant.name() + "-shared-0 at offset ");
  }

  @Test
  void aDocumentThatCanNeverBeIndexedRollsBackAtOnceAndIsNamed() throws Exception {
    migrate(
        documents(),
        HELD.before("CopyDocuments"),
        () -> {
          put(ownIndex() + "/_settings", "{\"index.mapping.nested_objects.limit\":1}");
          put(sharedIndex() + "/_mapping", "{\"properties\":{\"lines\":{\"type\":\"nested\"}}}");
          put(
              sharedIndex() + "/_doc/odd-1?refresh=true",
              "{\"tenant_id\":\"%s\",\"lines\":[{\"of\":\"jane\"},{\"of\":\"jane\"}]}"
                  .formatted(tenant.name()));
        });

    assertRolledBackSoon(FailureType.NOT_MOVABLE, "odd-1", "nested_objects.limit", own("index %s"));
  }

  @Test
  void aFieldThatIsOfAnotherTypeThereRollsBackAtOnceAndIsNamed() throws Exception {
    migrate(
        documents(),
        HELD.before("CopyDocuments"),
        () -> {
          put(ownIndex() + "/_mapping", "{\"properties\":{\"extra\":{\"type\":\"integer\"}}}");
          put(
              sharedIndex() + "/_doc/odd-1?refresh=true",
              "{\"tenant_id\":\"%s\",\"extra\":\"jane\"}".formatted(tenant.name()));
        });

    assertRolledBackSoon(FailureType.NOT_MOVABLE, "[extra]", own("index %s"));
  }

  @Test
  void anIndexThatIsBlockedMeanwhileRollsBackAtOnceAndIsNamed() throws Exception {
    migrate(
        documents(),
        HELD.before("CopyDocuments"),
        // as a full disk does it
        () -> put(ownIndex() + "/_settings", "{\"index.blocks.read_only_allow_delete\":true}"));

    assertRolledBackSoon(FailureType.STORE_BLOCKED, own("%s"), "remove the block");
  }

  @Test
  void aRedisThatIsFullRollsBackAtOnceAndTheKeyIsNamed() throws Exception {
    inSharedDatabase("UPDATE app.notes SET body = repeat(md5(id::text), 30000)");
    try (ServerFolder servers = ServerFolder.temporary("tenant-migration-full-");
        RedisServer full = RedisServer.start(servers, "full-redis");
        RedisClient client = RedisClient.create(full.uri());
        StatefulRedisConnection<String, String> redis = client.connect()) {
      migrate(
          POSTGRES
              + """
                redis:
                  source: {uri: "@sharedRedis@", keyPrefix: "@tenant@:"}
                  target: {uri: "%s"}
                  warm: [{key: "note:{id}", sql: "SELECT id, body FROM notes ORDER BY id", value: body, ttl: 1h}]
                """
                  .formatted(full.uri()),
          HELD.before("WarmCache"),
          () -> {
            // room for what is written first, and not for all keys
            String used =
                redis.sync().info("memory").replaceAll("(?s).*used_memory:(\\d+).*", "$1");
            redis.sync().configSet("maxmemory", Long.toString(Long.parseLong(used) + 1_500_000));
          });

      assertRolledBackSoon(
          FailureType.STORE_BLOCKED, "warm keys such as note:", "OOM", "maxmemory");
    }
  }

  private void assertRolledBackSoon(FailureType type, String... names) {
    MigrationReport report =
        platform.controlPlane().migrations().latest(tenant.name()).orElseThrow().report();
    assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.ROLLED_BACK);
    assertThat(report.failure())
        .satisfies(failure -> assertThat(failure.type()).isEqualTo(type))
        .satisfies(failure -> assertThat(failure.message()).contains(names));
    assertThat(platform.run("report", tenant.name(), "--output", "json").out())
        .doesNotContain(VALUE, "jane");
    assertThat(platform.controlPlane().tenantConfigs().find(tenant.name()).orElseThrow().state())
        .isEqualTo(State.ACTIVE);
    WayBackTimes times = WayBackTimes.of(platform, tenant.name());
    assertThat(times.attempt()).as(times.toString()).isOne();
    assertThat(times.toActive()).as(times.toString()).isLessThan(SOON);
    assertThat(times.toRolledBack()).as(times.toString()).isLessThan(SOON);
  }

  /** What a test does to a store while its step is held. */
  private interface Fault {
    void plant() throws Exception;
  }

  private void migrate(String stores) throws IOException {
    Answer answer = platform.run("start", "-f", request(stores), "--wait");
    assertThat(answer.code()).as(answer.toString()).isEqualTo(4);
  }

  /** Plants the fault right before the step, where no plan can see it. */
  private void migrate(String stores, Hold step, Fault fault) throws Exception {
    Answer started = platform.run("start", "-f", request(stores));
    assertThat(started.code()).as(started.toString()).isZero();
    step.awaitHeld();
    fault.plant();
    step.release();
    Answer answer = platform.run("status", tenant.name(), "--watch");
    assertThat(answer.code()).as(answer.toString()).isEqualTo(4);
  }

  private String request(String stores) throws IOException {
    String text =
        """
        tenant: "@tenant@"
        mode: offline
        tier: {from: STARTER, to: ENTERPRISE}
        settle: 0s
        snapshot: {location: "file:@folder@"}
        """
            + stores;
    for (Map.Entry<String, String> name : tenant.names().entrySet()) {
      text = text.replace("@" + name.getKey() + "@", name.getValue());
    }
    return Files.writeString(folder.resolve("request.yaml"), text).toString();
  }

  private static String documents() {
    return """
    elasticsearch:
      source: {url: "@sharedElasticsearch@"}
      target: {url: "@dedicatedElasticsearch@"}
      indices: [{from: "@tenant@-shared", to: "@tenant@-own", tenantField: tenant_id}]
    """;
  }

  /** The name of what the tenant has of its own, in a text. */
  private String own(String text) {
    return text.formatted(tenant.name() + "-own");
  }

  private String ownIndex() {
    return own(TestServers.dedicatedElasticsearch().url() + "/%s");
  }

  private String sharedIndex() {
    return TestServers.elasticsearch().url() + "/%s-shared".formatted(tenant.name());
  }

  private static void put(String url, String json) throws Exception {
    assertThat(SeededTenant.http("PUT", url, json)).isBetween(200, 201);
  }

  private void takeOnlyRecordsOf(int bytes) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, own("%s"));
    AlterConfigOp limit =
        new AlterConfigOp(
            new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
            AlterConfigOp.OpType.SET);
    try (Admin admin =
        Admin.create(
            Map.of("bootstrap.servers", TestServers.dedicatedKafka().bootstrapServers()))) {
      admin.incrementalAlterConfigs(Map.of(topic, Set.of(limit))).all().get();
    }
  }

  private void inSharedDatabase(String... statements) throws SQLException {
    PostgresServer server = TestServers.postgres();
    SeededTenant.execute(server, tenant.names().get("database"), String.join("; ", statements));
  }
}

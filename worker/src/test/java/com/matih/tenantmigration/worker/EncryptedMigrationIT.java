package com.matih.tenantmigration.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.HeldActivities.Hold;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import com.matih.tenantmigration.worker.TestPlatform.Reach;
import com.matih.tenantmigration.worker.WorkerConfiguration.Hosts;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Temporal keeps of an encrypted migration, and who can read it. */
class EncryptedMigrationIT {

  private static final Map<String, String> VALUES =
      Map.of("PAYLOAD_KEY_1", key(1), "PAYLOAD_KEY_2", key(2));

  /** The workers have the new key already, and the commands still encrypt with the old one. */
  private static final Map<String, String> OF_WORKERS =
      keys("second=${env:PAYLOAD_KEY_2} first=${env:PAYLOAD_KEY_1}");

  private static final Map<String, String> OF_COMMANDS =
      keys("first=${env:PAYLOAD_KEY_1} second=${env:PAYLOAD_KEY_2}");

  private static final String REASON = "the-reason-of-this-pause";

  /** What the SDK writes into its own markers: when, which attempt, which version. */
  private static final Set<Object> OF_SDK =
      Set.of(
          "activityId",
          "meta",
          "time",
          "type",
          "changeId",
          "version",
          "versionSearchAttributeUpdated");

  private static final HeldActivities HELD = new HeldActivities();

  private static TestPlatform platform;

  @TempDir private Path folder;
  private SeededTenant tenant = new SeededTenant("", Map.of());

  private static String key(int fill) {
    byte[] key = new byte[32];
    key[0] = (byte) fill;
    return Base64.getEncoder().encodeToString(key);
  }

  private static Map<String, String> keys(String setting) {
    Map<String, String> variables = new HashMap<>(VALUES);
    variables.put("TENANT_MIGRATION_PAYLOAD_KEYS", setting);
    return variables;
  }

  private static Reach reach(Map<String, String> keys) {
    Map<String, String> all = new HashMap<>(keys);
    all.put("TEST_PG_PASSWORD", TestServers.postgres().password());
    all.put("TEST_OWN_PASSWORD", TestServers.dedicatedPostgres().password());
    return new Reach(new References(List.of("TEST_*"), null), new Hosts(null, null), all);
  }

  @BeforeAll
  static void start() throws Exception {
    platform = TestPlatform.with(List.of(HELD), reach(OF_WORKERS));
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
  void temporalKeepsNothingOfAMigrationInClearThatCommandsReadByTheirKeys() throws Exception {
    // what no plan sees and the copy meets, so that a failure is on record
    execute(
        "CREATE FUNCTION app.accepts(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
        "CREATE TABLE app.members (id int PRIMARY KEY, tenant_id text, mail text,"
            + " CONSTRAINT known_mail CHECK (app.accepts(mail)))",
        "INSERT INTO app.members VALUES (1, '%s', 'jane')".formatted(tenant.name()));
    Hold hold = HELD.before("TakeSnapshot");
    assertThat(run(OF_COMMANDS, "start", "-f", request()).code()).isZero();
    hold.awaitHeld();
    execute(
        "CREATE OR REPLACE FUNCTION app.accepts(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT false'");

    assertSaysWhichKeyIsMissing();
    assertThat(run(OF_COMMANDS, "pause", tenant.name(), "--reason", REASON).code()).isZero();
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(run(OF_COMMANDS, "status", tenant.name()).out())
                    .contains("paused", REASON));
    assertNothingIsInClear();
    assertThat(run(OF_COMMANDS, "resume", tenant.name()).code()).isZero();
    hold.release();
    Answer end = run(OF_COMMANDS, "status", tenant.name(), "--watch");

    assertThat(end.code()).as(end.toString()).isEqualTo(4);
    assertThat(end.out()).contains(FailureType.DATA_REJECTED.name(), "known_mail");
    assertNothingIsInClear();
    assertThat(run(Map.of(), "report", tenant.name()).out()).contains("known_mail");
  }

  /** What is recorded in the control plane needs no key. */
  private void assertSaysWhichKeyIsMissing() {
    assertNamesTheKey("pause", tenant.name());
    // once there is a heartbeat
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertNamesTheKey("status", tenant.name()));
    for (String[] command :
        List.of(new String[] {"list"}, new String[] {"report", tenant.name()})) {
      Answer read = run(Map.of(), command);
      assertThat(read.code()).as(read.toString()).isZero();
      assertThat(read.out()).contains(tenant.name());
    }
  }

  private void assertNamesTheKey(String... command) {
    Answer answer = run(Map.of(), command);
    assertThat(answer.code()).as(answer.toString()).isEqualTo(2);
    assertThat(answer.errors())
        .contains("is encrypted with key 'second'", "TENANT_MIGRATION_PAYLOAD_KEYS is not set");
  }

  private void assertNothingIsInClear() {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(platform.temporal().address())
                .build());
    try {
      WorkflowExecution migration =
          WorkflowExecution.newBuilder()
              .setWorkflowId(TemporalNames.workflowId(tenant.name()))
              .build();
      List<Message> kept = new ArrayList<>();
      ByteString next = ByteString.EMPTY;
      do {
        GetWorkflowExecutionHistoryResponse page =
            service
                .blockingStub()
                .getWorkflowExecutionHistory(
                    GetWorkflowExecutionHistoryRequest.newBuilder()
                        .setNamespace("default")
                        .setExecution(migration)
                        .setNextPageToken(next)
                        .build());
        kept.add(page.getHistory());
        next = page.getNextPageToken();
      } while (!next.isEmpty());
      kept.add(
          service
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace("default")
                      .setExecution(migration)
                      .build()));
      kept.forEach(this::assertIsNotInClear);
      Set<String> ids = new HashSet<>();
      kept.forEach(message -> eachPayload(message, "", payload -> ids.add(keyOf(payload))));
      assertThat(ids).containsExactlyInAnyOrder("first", "second");
    } finally {
      service.shutdownNow();
    }
  }

  private static String keyOf(Payload payload) {
    return payload.getMetadataOrThrow("encryption-key-id").toStringUtf8();
  }

  private void assertIsNotInClear(Message kept) {
    // payloads are bytes, which are searched as they are
    String bytes = new String(kept.toByteArray(), ISO_8859_1);
    assertThat(bytes)
        .doesNotContain(
            "jdbc:postgresql",
            tenant.names().get("database"),
            folder.toString(),
            "ENTERPRISE",
            "tenant_id",
            "members",
            "known_mail",
            "SQLSTATE",
            "TEST_OWN_PASSWORD",
            REASON,
            "com.matih.tenantmigration.activities.");
    eachPayload(
        kept,
        "",
        payload ->
            assertThat(payload.getMetadataOrThrow("encoding").toString(UTF_8))
                .isEqualTo("binary/encrypted"));
  }

  /**
   * All payloads of a message but search attributes and those that Temporal's SDK has for itself.
   */
  private static void eachPayload(MessageOrBuilder message, String path, Consumer<Payload> visit) {
    if (message instanceof Payload payload) {
      visit.accept(payload);
      return;
    }
    if (message.getAllFields().values().stream().anyMatch(OF_SDK::contains)
        && path.endsWith("/marker_recorded_event_attributes/details")) {
      return;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      String name = path + "/" + field.getKey().getName();
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE
          || name.endsWith("/search_attributes")) {
        continue;
      }
      for (Object inner :
          field.getValue() instanceof List<?> many ? many : List.of(field.getValue())) {
        eachPayload((MessageOrBuilder) inner, name, visit);
      }
    }
  }

  @Test
  void aPlanThatTheWorkerCannotReadEndsAtOnceAndNamesTheKey() throws Exception {
    try (TestPlatform plain = TestPlatform.reaching(reach(Map.of()))) {
      Map<String, String> environment = keys("only-here=${env:PAYLOAD_KEY_1}");

      Answer plan = plain.run(environment, "plan", "-f", request());

      assertThat(plan.code()).as(plan.toString()).isEqualTo(1);
      assertThat(plan.errors())
          .contains("The worker cannot plan for tenant " + tenant.name())
          .contains("key 'only-here', which this process does not have");
    }
  }

  @Test
  void aPlanIsReadByItsKey() throws Exception {
    Answer plan = run(OF_COMMANDS, "plan", "-f", request(), "--output", "json");

    assertThat(plan.code()).as(plan.toString()).isZero();
    assertThat(plan.out()).contains("public.notes");
  }

  private Answer run(Map<String, String> variables, String... arguments) {
    return platform.run(variables, arguments);
  }

  private void execute(String... statements) throws Exception {
    SeededTenant.execute(
        TestServers.postgres(), tenant.names().get("database"), String.join("; ", statements));
  }

  private String request() throws IOException {
    String text =
        """
        tenant: "@tenant@"
        mode: offline
        tier: {from: STARTER, to: ENTERPRISE}
        settle: 0s
        snapshot: {location: "file:@folder@"}
        postgres:
          source: {url: "@sharedJdbc@", user: "@sharedUser@", password: "${env:TEST_PG_PASSWORD}"}
          target: {url: "@dedicatedJdbc@", user: "@dedicatedUser@", password: "${env:TEST_OWN_PASSWORD}"}
          isolation: rows
          sourceSchema: app
          targetSchema: public
          tenantColumn: tenant_id
        """;
    for (Map.Entry<String, String> name : tenant.names().entrySet()) {
      text = text.replace("@" + name.getKey() + "@", name.getValue());
    }
    return Files.writeString(folder.resolve("request.yaml"), text).toString();
  }
}

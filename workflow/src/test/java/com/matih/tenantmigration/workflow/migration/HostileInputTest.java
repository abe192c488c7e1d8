package com.matih.tenantmigration.workflow.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.TenantMigrationWorkflow;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A migration that somebody starts past the starter, with whatever input. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // its task failed for ever
class HostileInputTest {

  private final MigrationHarness harness = new MigrationHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          a list instead of a map § [1, 2] § has no keys
          a text § "acme" § has no keys
          a number § 7 § has no keys
          a number that no type holds § 1e999999 § has no keys
          no JSON at all § xyz § is neither YAML nor JSON
          JSON that breaks off § {"tenant": "acme", § is neither YAML nor JSON
          a map where a text belongs § {"tenant": {"a": 1}} § has to be a text
          an unknown field § {"tenant": "acme", "extra": 1} § is not a known key
          a duration that nothing can hold § {"tenant": "acme", "settle": "99999999999999d"} § is not a duration
          a number where a duration belongs § {"tenant": "acme", "settle": 5} § is not a duration
          a fraction as a count § {"tenant": "acme", "postgres": {"parallelism": 1.5}} § has to be a whole number
          a count that overflows § {"tenant": "acme", "postgres": {"parallelism": 99999999999}} § has to be a whole number
          an unknown isolation § {"tenant": "acme", "postgres": {"isolation": "none"}} § is not an allowed value
          a list of lists § {"tenant": "acme", "kafka": {"topics": [[1]]}} § has to have keys of its own
          a control character in a key § {"tenant": "acme", "a\\u0000b": 1} § is not a known key
          a control character in the tenant § {"tenant": "acme\\u0000"} § is not a tenant's id
          """)
  void whatCannotBeReadIsRefusedAndHoldsNothing(String what, String json, String reason) {
    harness.stub().start(raw("json/plain", json));

    MigrationReport report = harness.result();

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.tenant()).isEqualTo("acme");
    assertThat(report.refusals()).extracting(Refusal::store).containsOnly("request");
    assertThat(report.refusals())
        .extracting(Refusal::reason)
        .anyMatch(told -> told.startsWith(reason));
    assertThat(report.toString()).doesNotContain("\u0000");
    assertThat(harness.activities.begun()).doesNotContain("PlanTenant");
  }

  @Test
  void anEncodingThatIsNotJsonIsRefusedAsSuch() {
    harness.stub().start(raw("binary/plain", "tenant: acme"));

    assertThat(harness.result().refusals())
        .extracting(Refusal::reason)
        .containsExactly("is not encoded as JSON");
  }

  @Test
  void aTreeOfTenThousandLevelsIsRefused() {
    harness.stub().start(raw("json/plain", "{\"tenant\":" + "[".repeat(10_000)));

    assertThat(harness.result().refusals())
        .extracting(Refusal::reason)
        .containsExactly("is nested deeper than 20 levels at line 1");
  }

  @Test
  void aHundredThousandUnknownKeysAreToldOfInAFewLines() {
    StringBuilder json = new StringBuilder("{\"tenant\": \"acme\"");
    for (int i = 0; i < 20_000; i++) {
      json.append(", \"unknown").append(i).append("\": 1");
    }
    harness.stub().start(raw("json/plain", json.append('}').toString()));

    MigrationReport report = harness.result();

    assertThat(report.refusals()).hasSizeLessThan(120);
    assertThat(report.refusals()).extracting(Refusal::reason).contains("has more problems (19900)");
  }

  @Test
  void aRequestWithMoreThanOneInputIsReadByItsFirst() {
    MigrationRequest request = MigrationHarness.request(Approval.AUTOMATIC);
    Payload first = DefaultDataConverter.newDefaultInstance().toPayload(request).orElseThrow();
    harness.stub().start(new RawValue(first), "another");

    assertThat(harness.result().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aRequestOfAnotherTenantThanTheWorkflowsIdSaysIsRefused() {
    MigrationRequest ofAcme = MigrationHarness.request(Approval.AUTOMATIC);
    Payload input = DefaultDataConverter.newDefaultInstance().toPayload(ofAcme).orElseThrow();
    TenantMigrationWorkflow elsewhere =
        harness
            .client()
            .newWorkflowStub(
                TenantMigrationWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TemporalNames.TASK_QUEUE)
                    .setWorkflowId(TemporalNames.workflowId("globex"))
                    .build());

    MigrationReport report = elsewhere.migrate(new RawValue(input));

    assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(report.refusals())
        .extracting(Refusal::reason)
        .containsExactly("is acme, and the workflow's id is that of tenant globex");
    assertThat(harness.activities.begun()).doesNotContain("PlanTenant");
  }

  private static RawValue raw(String encoding, String data) {
    return new RawValue(
        Payload.newBuilder()
            .putMetadata("encoding", ByteString.copyFromUtf8(encoding))
            .setData(ByteString.copyFromUtf8(data))
            .build());
  }
}

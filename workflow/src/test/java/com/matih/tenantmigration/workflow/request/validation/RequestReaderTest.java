package com.matih.tenantmigration.workflow.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.request.CutoverSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import io.temporal.common.converter.DefaultDataConverter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {

  private final RequestReader reader = new RequestReader(new YAMLFactory());

  @Test
  void theContractsExampleIsReadWholeAndHasNoProblem() {
    RequestReading reading = reader.read(ExampleRequests.CONTRACT);

    assertThat(reading.problems()).isEmpty();
    MigrationRequest request = reading.request().orElseThrow();
    assertThat(request.tenantKey()).isEqualTo("acme-tenant-id");
    assertThat(request.settle()).isEqualTo(Duration.ofSeconds(5));
    assertThat(request.postgres().isolation()).isEqualTo(Isolation.ROWS);
    assertThat(request.postgres().storageReferences()).hasSize(1);
    assertThat(request.kafka().topics().get(0).tenant().header()).isEqualTo("tenant-id");
    assertThat(request.redis().warm().get(0).ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(request.verification().queries()).hasSize(1);
  }

  @Test
  void aTenantWorksWhileItMovesUnlessThePersonSaysOtherwise() {
    assertThat(reader.read(ExampleRequests.CONTRACT).request().orElseThrow().mode())
        .isEqualTo(Mode.ONLINE);
    assertThat(
            reader
                .read("mode: offline\n" + ExampleRequests.CONTRACT)
                .request()
                .orElseThrow()
                .mode())
        .isEqualTo(Mode.OFFLINE);
  }

  @Test
  void whatWasWrittenBeforeThereWereModesIsOffline() throws IOException {
    MigrationRequest earlier =
        new ObjectMapper().readValue("{\"tenant\": \"acme\"}", MigrationRequest.class);

    assertThat(earlier.mode()).isEqualTo(Mode.OFFLINE);
  }

  @Test
  void servicesAndTheTimeOfTheCutoverAreRead() {
    String more =
        """
        services: [query-service, artifact-service]
        cutover: {notBefore: "2027-01-31T22:00:00Z", window: "02:00-04:00 Europe/Berlin"}
        """;

    MigrationRequest request = reader.read(more + ExampleRequests.CONTRACT).request().orElseThrow();

    assertThat(request.services()).containsExactly("query-service", "artifact-service");
    assertThat(request.cutover())
        .isEqualTo(new CutoverSpec("2027-01-31T22:00:00Z", "02:00-04:00 Europe/Berlin"));
    assertThat(
            reader
                .read("cutover: {notBefore: soon, window: night}\n" + ExampleRequests.CONTRACT)
                .problems())
        .extracting(RequestProblem::path)
        .containsExactly("cutover.notBefore", "cutover.window");
  }

  @ParameterizedTest
  @CsvSource({"50MB, 50000000", "512KiB, 524288", "1000, 1000", "100B, 100", "1.5 GiB, 1610612736"})
  void theThrottleIsReadAsPeopleWriteIt(String written, long bytes) {
    String more = "throttle: {bytesPerSecond: %s, maxReplicaLag: 5s}%n".formatted(written);

    assertThat(reader.read(more + ExampleRequests.CONTRACT).request().orElseThrow().throttle())
        .isEqualTo(new ThrottleSpec(bytes, Duration.ofSeconds(5)));
  }

  @Test
  void aThrottleThatCannotBeReadIsToldWithWhatToWrite() {
    assertThat(
            reader.read("throttle: {bytesPerSecond: fast}\n" + ExampleRequests.CONTRACT).problems())
        .extracting(RequestProblem::toString)
        .containsExactly(
            "throttle.bytesPerSecond is not a number of bytes. Write one such as 50MB, 512KiB or"
                + " 1000000.");
  }

  @Test
  void theYamlOfAPersonAndTheJsonOfTemporalAreTheSameRecord() {
    MigrationRequest fromYaml = reader.read(ExampleRequests.CONTRACT).request().orElseThrow();
    DefaultDataConverter converter = DefaultDataConverter.newDefaultInstance();

    MigrationRequest fromTemporal =
        converter.fromPayload(
            converter.toPayload(fromYaml).orElseThrow(),
            MigrationRequest.class,
            MigrationRequest.class);

    assertThat(fromTemporal).isEqualTo(fromYaml);
    String json = converter.toPayload(fromYaml).orElseThrow().getData().toStringUtf8();
    assertThat(reader.read(json).request()).contains(fromYaml);
  }

  @Test
  void everyProblemIsNamedAtOnceWithItsPath() {
    RequestReading reading =
        reader.read(
            """
            tenant: Acme!
            teir: {from: A, to: B}
            approval: maybe
            settle: soon
            snapshot: {location: "ftp://x"}
            postgres:
              source: {url: "jdbc:postgresql://h/s", user: u, password: "literal-secret-1"}
              target: {url: "jdbc:postgresql://h/t", user: u, pasword: "literal-secret-2"}
              sourceSchema: shared
              tenant_column: tenant_id
              parallelism: many
            kafka:
              source: {bootstrapServers: "h:9092"}
              target: {bootstrapServers: "i:9092"}
              topics: [{from: a}, nonsense]
            """);

    assertThat(reading.request()).isEmpty();
    assertThat(reading.problems())
        .extracting(RequestProblem::path)
        .containsExactlyInAnyOrder(
            "teir",
            "approval",
            "settle",
            "postgres.target.pasword",
            "postgres.tenant_column",
            "postgres.parallelism",
            "kafka.topics[1]",
            "tenant",
            "tier",
            "snapshot.location",
            "postgres.source.password",
            "postgres.tenantColumn",
            "kafka.topics[0].to",
            "kafka.topics[0]");
    assertThat(reading.problems().toString()).doesNotContain("literal-secret");
  }

  @Test
  void anUnknownKeyComesWithTheOneThatWasProbablyMeant() {
    assertThat(problemAt("teir: {from: A, to: B}", "teir").remedy()).contains("'tier'");
    assertThat(problemAt("postgres: {tenant_column: t}", "postgres.tenant_column").remedy())
        .contains("'tenantColumn'");
    assertThat(problemAt("objectStorage: {source: {bukcet: b}}", "objectStorage.source.bukcet"))
        .extracting(RequestProblem::remedy)
        .asString()
        .contains("'bucket'");
    assertThat(problemAt("somethingElse: 1", "somethingElse").remedy()).contains("Known here: ten");
  }

  @Test
  void aNumberWhereATextBelongsIsToldRatherThanGuessedAt() {
    assertThat(problemAt("tenantKey: 007", "tenantKey").remedy()).contains("quotes");
  }

  @Test
  void anEmptyStoreIsAProblemAndNotAStoreLeftOut() {
    assertThat(problemAt("postgres:", "postgres").problem()).isEqualTo("is empty");
  }

  @Test
  void anEmptyListEntryIsNamed() {
    assertThat(problemAt("verification: {api: [\"http://h/\", ]}\nkafka: {topics: [null]}", "x"))
        .isNull();
    assertThat(problemAt("kafka: {topics: [null]}", "kafka.topics[0]").problem())
        .isEqualTo("is empty");
    assertThat(
            problemAt(
                    "kafka: {source: {bootstrapServers: 'h:1', properties: {a: }}}",
                    "kafka.source.properties.a")
                .problem())
        .isEqualTo("has no value");
  }

  @Test
  void aWrongEnumValueNamesThePossibleOnes() {
    assertThat(problemAt("approval: maybe", "approval").remedy())
        .isEqualTo("Write automatic or required.");
    assertThat(problemAt("onRollback: mark_failed", "onRollback").remedy())
        .contains("'mark-failed'");
  }

  @Test
  void theTimeoutOfOpenTransactionsIsReadAndLeftOutWhereItIsNotGiven() throws IOException {
    String groups = "consumerGroups: [{from: shared-indexer, to: indexer}]";
    String more = groups + "\n  openTransactions: {timeout: %s}";
    KafkaSpec silent = reader.read(ExampleRequests.CONTRACT).request().orElseThrow().kafka();
    KafkaSpec patient =
        reader
            .read(ExampleRequests.with(groups, more.formatted("10m")))
            .request()
            .orElseThrow()
            .kafka();
    Duration usual = Duration.ofMinutes(20);

    assertThat(silent.waitForTransactions()).isEqualTo(Duration.ofSeconds(75));
    assertThat(silent.waitForTransactions(usual)).isEqualTo(usual);
    assertThat(patient.waitForTransactions()).isEqualTo(Duration.ofMinutes(10));
    assertThat(patient.waitForTransactions(usual)).isEqualTo(Duration.ofMinutes(10));
    ObjectMapper json = new ObjectMapper();
    assertThat(json.writeValueAsString(silent)).doesNotContain("openTransactions");
    assertThat(json.writeValueAsString(patient))
        .contains("\"openTransactions\":{\"timeout\":\"10m\"}");
    assertThat(
            problemAt(
                    ExampleRequests.with(groups, groups + "\n  openTransactions: {}"),
                    "kafka.openTransactions.timeout")
                .problem())
        .isEqualTo("is missing");
  }

  @Test
  void unmarkedRecordsOfATopicAreLeftOrRefused() {
    String topic = "{from: shared.audit, to: audit, tenant: {keyPrefix: \"acme:\"}";

    assertThat(
            reader
                .read(ExampleRequests.with(topic + "}", topic + ", unmarked: refuse}"))
                .request()
                .orElseThrow()
                .kafka()
                .topics())
        .extracting(KafkaSpec.Topic::unmarked)
        .containsExactly(null, KafkaSpec.Unmarked.REFUSE, null, null);
    assertThat(
            problemAt(
                    ExampleRequests.with(topic + "}", topic + ", unmarked: keep}"),
                    "kafka.topics[1].unmarked")
                .remedy())
        .isEqualTo("Write leave or refuse.");
  }

  @Test
  void whatIsNoYamlIsToldByPlaceWithoutQuotingIt() {
    RequestReading reading = reader.read("tenant: acme\npassword: [\"s3cret\"\nx: }");

    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().get(0).problem()).contains("line 2");
    assertThat(reading.problems().toString()).doesNotContain("s3cret");
  }

  @Test
  void aKeyThatStandsTwiceIsAProblem() {
    assertThat(reader.read("tenant: a\ntier:\n  from: A\n  to: B\n  from: C\n").problems())
        .singleElement()
        .extracting(RequestProblem::problem)
        .asString()
        .contains("the same key twice: 'from', again at line 5");
  }

  @Test
  void onlyANumberInQuotesIsToBeWrittenWithoutThem() {
    String request = ExampleRequests.CONTRACT;

    assertThat(reader.read(request.replace("parallelism: 4", "parallelism: many")).problems())
        .singleElement()
        .extracting(RequestProblem::remedy)
        .isEqualTo("Write one such as 4.");
    assertThat(reader.read(request.replace("parallelism: 4", "parallelism: '4'")).problems())
        .singleElement()
        .extracting(RequestProblem::remedy)
        .isEqualTo("Write it without quotes.");
  }

  @Test
  void aSecondDocumentIsNotSilentlyLeftOut() {
    assertThat(reader.read(ExampleRequests.CONTRACT + "\n---\ntenant: b\n").problems()).hasSize(1);
  }

  @Test
  void anEmptyFileIsAProblem() {
    for (String text : List.of("", "\n", "# nothing\n", "[]", "acme")) {
      assertThat(reader.read(text).problems()).as(text).hasSize(1);
    }
  }

  private RequestProblem problemAt(String yaml, String path) {
    return reader.read(yaml).problems().stream()
        .filter(problem -> problem.path().equals(path))
        .findFirst()
        .orElse(null);
  }
}

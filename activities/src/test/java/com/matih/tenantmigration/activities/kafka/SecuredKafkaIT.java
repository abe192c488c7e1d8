package com.matih.tenantmigration.activities.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.testing.KafkaAcls;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestCertificates.Holder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.testing.TlsProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A move by users who log in over TLS and have the rights alone that the operations guide lists.
 */
class SecuredKafkaIT {

  private static final ProgressMonitor UNMONITORED = ProgressMonitor.unmonitored();

  /** Less than a client's own patience. */
  private static final Duration WITHIN_SECONDS = Duration.ofSeconds(15);

  private static final Pattern ACL =
      Pattern.compile(
          "kafka-acls --bootstrap-server (\\w+) --add .*?"
              + "((?:--operation \\w+ )+)--(topic|group|transactional-id) (\\S+)");

  private final TestCertificates certificates = TestServers.certificates();
  private final KafkaServer server = TestServers.guardedKafka();
  private final KafkaFixture fixture = new KafkaFixture();
  private final TestCluster cluster = new TestCluster(server.bootstrapServers());
  private final String sharedUser = "shared, =" + fixture.id;
  private final String dedicatedUser = "dedicated-" + fixture.id;
  private final KafkaAcls shared = new KafkaAcls(server, sharedUser).withPassword(TestSecrets.ODD);
  private final KafkaAcls dedicated =
      new KafkaAcls(server, dedicatedUser).withPassword(TestSecrets.ODD);

  /** One line's right, and on which side. */
  private record Right(String side, AclOperation operation, ResourceType type, String name) {}

  /** What the guide's commands grant. */
  static Stream<Right> rights() throws IOException {
    String guide =
        Files.readString(Path.of("..", "docs", "operations.md")).replaceAll("\\\\\n\\s+", "");
    List<Right> rights = new ArrayList<>();
    ACL.matcher(guide)
        .results()
        .forEach(
            line ->
                Pattern.compile("--operation (\\w+)")
                    .matcher(line.group(2))
                    .results()
                    .forEach(operation -> rights.add(right(line, operation.group(1)))));
    assertThat(rights).hasSize(13);
    return rights.stream();
  }

  private static Right right(MatchResult line, String operation) {
    return new Right(
        line.group(1),
        SecurityUtils.operation(operation),
        SecurityUtils.resourceType(
            line.group(3).equals("transactional-id") ? "TransactionalId" : line.group(3)),
        line.group(4));
  }

  private String named(Right right) {
    return switch (right.name()) {
      case "shared.query-events" -> fixture.from;
      case "query-events" -> fixture.to;
      case "shared-indexer" -> fixture.sharedGroup("indexer");
      case "indexer" -> fixture.dedicatedGroup("indexer");
      default -> right.name();
    };
  }

  @BeforeEach
  void seedAndAllowWhatTheGuideSays() throws IOException {
    cluster.createTopic(fixture.from, 2, Map.of("retention.ms", "-1"));
    cluster.sendMixed(fixture.from, 2, 60);
    cluster.commit(fixture.sharedGroup("indexer"), fixture.from, 0, 7);
    rights().forEach(right -> of(right).allow(right.type(), named(right), right.operation()));
  }

  private KafkaAcls of(Right right) {
    return right.side().equals("SHARED") ? shared : dedicated;
  }

  @AfterEach
  void close() {
    shared.close();
    dedicated.close();
    cluster.close();
    fixture.close();
  }

  private KafkaSpec.Cluster login(String user, Map<String, String> other) {
    Map<String, String> properties =
        new HashMap<>(KafkaServer.login(user, "${env:ODD}", certificates.ca()));
    properties.putAll(other);
    properties.values().removeIf(String::isEmpty);
    return new KafkaSpec.Cluster(server.guardedBootstrapServers(), properties);
  }

  private MigrationContext context() {
    return context(login(sharedUser, Map.of()));
  }

  private MigrationContext context(KafkaSpec.Cluster source) {
    return fixture.context(
        new KafkaSpec(
            source,
            login(dedicatedUser, Map.of()),
            List.of(fixture.byHeader()),
            List.of(fixture.group("indexer"))));
  }

  private List<Refusal> refusals(MigrationContext context) {
    return fixture.migration.plan(context, UNMONITORED).refusals();
  }

  @Test
  void theGuidesRightsAreEnoughForAWholeMove() {
    OnlineRecords online = new OnlineRecords(fixture, context());
    assertThat(refusals(online.context)).isEmpty();
    var unused = online.copy();
    cluster.sendMixed(fixture.from, 2, 30);
    cluster.commit(fixture.sharedGroup("indexer"), fixture.from, 0, 40);
    online.catchUp();
    assertThat(online.verify().namedMismatches()).isEmpty();
    assertThat(online.leak().namedMismatches()).isEmpty();

    cluster.sendMixed(fixture.from, 2, 30);

    assertThat(online.drain().checks())
        .extracting(CheckResult::status)
        .containsExactly(CheckResult.Status.PASSED);
    assertThat(online.quiet().namedMismatches()).isEmpty();
    fixture.migration.finalizeTopics(online.context, UNMONITORED);
    fixture.migration.removeAnchor(online.context);

    assertThat(cluster.values(fixture.to, 0))
        .isEqualTo(
            cluster.read(fixture.from, 0).stream()
                .filter(
                    record ->
                        text(record.headers().lastHeader("tenant-id").value())
                            .equals(KafkaFixture.TENANT))
                .map(record -> text(record.value()))
                .toList())
        .hasSize(20);
    assertThat(cluster.position(fixture.dedicatedGroup("indexer"), fixture.to, 0)).isPresent();
    assertThat(cluster.ownSettings(fixture.to)).containsEntry("retention.ms", "-1");
  }

  @Test
  void theyAreEnoughForARollback() {
    MigrationContext context = context();
    fixture.migration.provision(context, UNMONITORED);
    fixture.migration.readPositions(context, UNMONITORED);
    var unused = fixture.migration.replay(context, UNMONITORED);

    RollbackStep step = fixture.migration.deleteTopics(context);

    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(cluster.hasTopic(fixture.to)).isFalse();
    assertThat(cluster.groups()).doesNotContain(fixture.dedicatedGroup("indexer"));
  }

  @ParameterizedTest
  @MethodSource("rights")
  void thePlanNamesARightThatIsMissing(Right right) {
    of(right).revoke(right.type(), named(right), right.operation());

    String resource = right.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    assertThat(refusals(context()))
        .anySatisfy(
            refusal -> {
              assertThat(refusal.reason())
                  .contains(
                      "denied the migration's user %s on %s %s"
                          .formatted(right.operation(), resource, named(right)));
              assertThat(refusal.reason() + refusal.remedy())
                  .contains(
                      "kafka-acls --add --operation "
                          + SecurityUtils.operationName(right.operation()));
            });
    assertThat(cluster.hasTopic(fixture.to)).isFalse();
    assertThat(cluster.groups()).doesNotContain(fixture.dedicatedGroup("indexer"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "certificates"})
  void aTrustStoreMayAlsoBeAnArchiveOrPartOfTheRequest(String kind) throws IOException {
    Map<String, String> trust =
        kind.equals("PKCS12")
            ? Map.of(
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                certificates.trustStore().toString(),
                "ssl.truststore.password",
                TestCertificates.PASSWORD)
            : Map.of(
                "ssl.truststore.location",
                "",
                "ssl.truststore.certificates",
                Files.readString(certificates.ca()));

    assertThat(refusals(context(login(sharedUser, trust)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVER    | true  | was not signed by a CA that the worker trusts | ssl.truststore.location",
        "EXPIRED   | false | its certificate has expired                   | Renew it.",
        "ELSEWHERE | false | its certificate is for another host name      | Use a name",
      })
  void aCertificateThatIsNotGoodIsNamed(Holder holder, boolean strangers, String why, String remedy)
      throws Exception {
    try (TlsProxy proxy =
        TlsProxy.before(port(server.bootstrapServers()), certificates.serverSide(holder))) {
      Path trusted = strangers ? certificates.strangersCa() : certificates.ca();

      assertRefused(
          "127.0.0.1:" + proxy.port(),
          Map.of("ssl.truststore.location", trusted.toString()),
          why,
          remedy);
    }
  }

  /** A client of Kafka's tries for 20 s, for a broker that does not understand it says nothing. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPortThatSpeaksAnotherProtocolIsToldWithinSeconds(boolean tls) {
    Instant begun = Instant.now();

    assertRefused(
        tls ? server.bootstrapServers() : server.guardedBootstrapServers(),
        Map.of("security.protocol", tls ? "SASL_SSL" : "SASL_PLAINTEXT"),
        tls ? "does not speak TLS on this port" : "speaks TLS on this port",
        tls ? "security.protocol to SASL_PLAINTEXT" : "security.protocol to SASL_SSL");

    assertThat(Duration.between(begun, Instant.now())).isLessThan(WITHIN_SECONDS);
  }

  @Test
  void aPortOnWhichNobodyListensIsToldWithinSeconds() throws IOException {
    try (SilencedProxy proxy = SilencedProxy.before(port(server.guardedBootstrapServers()))) {
      proxy.goAway();
      Instant begun = Instant.now();

      assertRefused(
          proxy.address(), Map.of(), "refuses connections", "whether its brokers are running");

      assertThat(Duration.between(begun, Instant.now())).isLessThan(WITHIN_SECONDS);
    }
  }

  @Test
  void whoIsNotLetInIsToldSo() {
    assertRefused(
        server.guardedBootstrapServers(),
        Map.of("sasl.jaas.config", login("wrong").get("sasl.jaas.config")),
        "it refused the user and password (SaslAuthenticationException)",
        "Check sasl.jaas.config.");
  }

  @Test
  void aWayToLogInThatTheBrokerDoesNotHaveIsNamedBesideThoseThatItHas() {
    assertRefused(
        server.guardedBootstrapServers(),
        Map.of("sasl.mechanism", "SCRAM-SHA-256"),
        "enabled mechanisms are [SCRAM-SHA-512]",
        "Correct sasl.mechanism.");
  }

  private Map<String, String> login(String password) {
    return KafkaServer.login(sharedUser, password, certificates.ca());
  }

  private void assertRefused(
      String bootstrapServers, Map<String, String> properties, String why, String remedy) {
    KafkaSpec.Cluster source =
        new KafkaSpec.Cluster(bootstrapServers, login(sharedUser, properties).properties());

    assertThat(refusals(context(source)))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.object()).isEqualTo("kafka.source"))
        .satisfies(refusal -> assertThat(refusal.reason()).contains(why))
        .satisfies(refusal -> assertThat(refusal.remedy()).contains(remedy));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }
}

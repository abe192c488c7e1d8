package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.elasticsearch.copy.IndexCopier;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentContentCheck;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentDrain;
import com.matih.tenantmigration.activities.elasticsearch.follow.DocumentFollower;
import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexProvisioner;
import com.matih.tenantmigration.activities.elasticsearch.provision.IndexRemover;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.CaFile;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestCertificates.Holder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.testing.TlsProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Cluster;
import com.matih.tenantmigration.workflow.request.Mode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clusters behind TLS, whose users have odd names and passwords, and the privileges alone that the
 * operations guide lists. The embedded server cannot keep API keys.
 */
class SecuredElasticsearchIT {

  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();
  private static final TestCertificates CERTIFICATES = TestServers.certificates();
  private static final SecretResolver ODD = TestSecrets.ofOdd();
  private static ServerFolder servers;
  private static ElasticsearchServer server;
  private static TestCluster cluster;

  private final String id = TestJournal.newMigrationId();
  private final ElasticsearchClients clients = new ElasticsearchClients(ODD);
  private final MigrationJournal journal = TestJournal.shared();
  private final IndexRemover remover = new IndexRemover(clients, journal, TestGuard.permitting());
  private SharedIndex index;

  /** One privilege of the guide's, and what it is on. */
  private record Privilege(String side, String level, String name) {
    @Override
    public String toString() {
      return "%s without %s %s".formatted(side, level, name);
    }
  }

  /** The guide's roles. */
  private static String role(String side) throws IOException {
    Matcher role =
        Pattern.compile("(?s)\\{\"" + side + "\": (\\{.*?]}]})}")
            .matcher(Files.readString(Path.of("..", "docs", "operations.md")));
    assertThat(role.find()).isTrue();
    return role.group(1);
  }

  static Stream<Privilege> privileges() throws IOException {
    List<Privilege> all = new ArrayList<>();
    for (String side : List.of("shared", "dedicated")) {
      JsonNode role = Json.parse(role(side).getBytes(StandardCharsets.UTF_8));
      role.path("cluster").forEach(name -> all.add(new Privilege(side, "cluster", name.asText())));
      role.path("indices")
          .get(0)
          .path("privileges")
          .forEach(name -> all.add(new Privilege(side, "index", name.asText())));
    }
    assertThat(all).hasSize(8);
    return all.stream();
  }

  @BeforeAll
  static void start() throws IOException {
    Map<String, String> roles = new HashMap<>();
    for (String side : List.of("shared", "dedicated")) {
      roles.put(user(side), ofTests(role(side)));
    }
    for (Privilege each : privileges().toList()) {
      roles.put(user(each.toString()), ofTests(without(each, role(each.side()))));
    }
    servers = ServerFolder.temporary("secured-elasticsearch-");
    server =
        ElasticsearchServer.startSecured(
            servers,
            "secured",
            CERTIFICATES.certificate(Holder.SERVER),
            CERTIFICATES.key(Holder.SERVER),
            roles,
            TestSecrets.ODD);
    cluster =
        TestCluster.secured(
            server,
            TestSecrets.ODD,
            CaFile.context(CaFile.trust(ODD, CERTIFICATES.ca().toString())));
  }

  @AfterAll
  static void stop() {
    server.close();
    servers.close();
  }

  @BeforeEach
  void seed() {
    index = SharedIndex.create(cluster, cluster);
    index.fill(30);
  }

  private static String user(String role) {
    return "migrator@x/%?#$ " + role;
  }

  /** All indices of these tests have such names. */
  private static String ofTests(String role) {
    return role.replace("shared-queries", "shared-docs-*").replace("\"queries", "\"docs-*");
  }

  private static Cluster as(String role) {
    return new Cluster(
        server
            .securedUrl()
            .replace(
                "//",
                "//%s:${env:ODD}@"
                    .formatted(
                        URLEncoder.encode(user(role), StandardCharsets.UTF_8).replace("+", "%20"))),
        null,
        CERTIFICATES.ca().toString());
  }

  private MigrationContext context(Cluster shared, Cluster dedicated) {
    MigrationContext offline =
        SharedIndex.context(
            id,
            new ElasticsearchSpec(
                shared,
                dedicated,
                List.of(new ElasticsearchSpec.Index(index.from(), index.to(), "tenant_id"))));
    return new MigrationContext(
        id, offline.workflowId(), offline.runId(), offline.request().in(Mode.ONLINE));
  }

  private List<Refusal> refusals(MigrationContext context) {
    return new IndexPlanner(clients).plan(context, MONITOR).refusals();
  }

  @Test
  void theGuidesPrivilegesAreEnoughForAWholeMove() {
    MigrationContext context = context(as("shared"), as("dedicated"));
    assertThat(refusals(context)).isEmpty();
    MigrationContext working = context.whileTenantWorks();

    new IndexProvisioner(clients, journal).provision(context, MONITOR);
    var unused = new IndexCopier(clients, journal).copy(working, MONITOR);
    index.fill(40);
    new DocumentFollower(clients, journal).follow(working, Following.UNTIL_CAUGHT_UP, MONITOR);
    assertThat(new DocumentContentCheck(ODD, journal).compare(working, MONITOR).namedMismatches())
        .isEmpty();
    assertThat(new ElasticsearchTenantLeak(ODD).findForeign(working, MONITOR).namedMismatches())
        .isEmpty();
    index.fill(50);
    assertThat(new DocumentDrain(clients, journal).drain(context, MONITOR).checks())
        .extracting(CheckResult::status)
        .containsOnly(CheckResult.Status.PASSED);
    assertThat(
            new ElasticsearchSourceQuiet(ODD, journal)
                .findWrites(context, MONITOR)
                .namedMismatches())
        .isEmpty();
    remover.removeWriteAliases(context, MONITOR);

    assertThat(cluster.count(index.to())).isEqualTo(50);
  }

  @Test
  void theyAreEnoughForARollback() {
    MigrationContext context = context(as("shared"), as("dedicated"));
    assertThat(refusals(context)).isEmpty();
    new IndexProvisioner(clients, journal).provision(context, MONITOR);
    var unused = new IndexCopier(clients, journal).copy(context, MONITOR);

    RollbackStep step = remover.deleteIndices(context, MONITOR);

    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(cluster.exists(index.to())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("privileges")
  void thePlanNamesAPrivilegeThatIsMissing(Privilege missing) {
    boolean shared = missing.side().equals("shared");

    assertThat(
            refusals(
                context(
                    as(shared ? missing.toString() : "shared"),
                    as(shared ? "dedicated" : missing.toString()))))
        .extracting(Refusal::reason)
        .anyMatch(
            reason ->
                reason.contains(
                    "lack the %s privilege %s".formatted(missing.level(), missing.name())));
  }

  private static String without(Privilege missing, String role) {
    String quoted = "\"" + missing.name() + "\"";
    String key = missing.level().equals("cluster") ? "\"cluster\": [" : "\"privileges\": [";
    int begin = role.indexOf(key);
    int end = role.indexOf("]", begin);
    String list = role.substring(begin, end).replaceFirst("(, )?" + quoted, "").replace("[, ", "[");
    return role.substring(0, begin) + list + role.substring(end);
  }

  @Test
  void aKeyThatIsNotValidIsNamed() {
    assertRefused(
        new Cluster(server.securedUrl(), "bm8ta2V5Om5vbmU=", CERTIFICATES.ca().toString()),
        "HTTP 401",
        "Name an apiKey in the request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVER    | true  | was not signed by a CA that the worker trusts | caFile",
        "EXPIRED   | false | its certificate has expired                   | Renew it.",
        "ELSEWHERE | false | its certificate is for another host name      | Use a name",
      })
  void aCertificateThatIsNotGoodIsNamed(Holder holder, boolean strangers, String why, String remedy)
      throws Exception {
    try (TlsProxy proxy =
        TlsProxy.before(
            URI.create(TestServers.elasticsearch().url()).getPort(),
            CERTIFICATES.serverSide(holder))) {
      Path ca = strangers ? CERTIFICATES.strangersCa() : CERTIFICATES.ca();
      assertRefused(
          new Cluster("https://127.0.0.1:" + proxy.port(), null, ca.toString()), why, remedy);
    }
  }

  @Test
  void aPortWithoutTlsIsNamed() {
    assertRefused(
        new Cluster(
            TestServers.elasticsearch().url().replace("http:", "https:"),
            null,
            CERTIFICATES.ca().toString()),
        "it does not speak TLS on this port",
        "Correct the port");
  }

  @Test
  void aPortWithTlsAloneIsNamed() {
    assertRefused(
        new Cluster(server.url(), null, null),
        "could not be reached",
        "whether it expects http or https");
  }

  private void assertRefused(Cluster shared, String why, String remedy) {
    assertThat(refusals(context(shared, as("dedicated"))))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.object()).isEqualTo("elasticsearch.source"))
        .satisfies(refusal -> assertThat(refusal.reason()).contains(why))
        .satisfies(refusal -> assertThat(refusal.remedy()).contains(remedy));
  }
}

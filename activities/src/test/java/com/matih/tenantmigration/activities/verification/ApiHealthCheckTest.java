package com.matih.tenantmigration.activities.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class ApiHealthCheckTest {

  /** No service says which route it follows. */
  private static final ApiHealthCheck.Route UNKNOWN = (context, patience, monitor) -> false;

  private final ApiHealthCheck check =
      new ApiHealthCheck(TestSecrets.of(name -> "k3y"), UNKNOWN, Duration.ofSeconds(3));
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void endpointsThatAllAnswer200Pass() {
    CheckResult result = check(endpoint("/a", () -> 200), endpoint("/b", () -> 200));

    assertThat(result.status()).isEqualTo(Status.PASSED);
    assertThat(result.compared()).isEqualTo(2);
  }

  @Test
  void anEndpointThatAnswersAnythingElseIsNamedWithItsStatus() {
    String broken = endpoint("/broken", () -> 500);
    String moved = endpoint("/moved", () -> 301);

    CheckResult result = check(endpoint("/a", () -> 200), broken, moved);

    assertThat(result.status()).isEqualTo(Status.FAILED);
    assertThat(result.mismatches())
        .containsExactly(broken + " answered 500", moved + " answered 301");
  }

  @Test
  void whatABrokenEndpointSaysIsQuotedInOneLine() {
    String broken = saying("/broken", 503, "{\"error\":\n\t\"no \u001b[31mdatabase\"}\r\n");
    String long500 = saying("/long", 500, "x".repeat(100_000));
    String empty = saying("/empty", 500, " \n");

    assertThat(check(broken, long500, empty).mismatches())
        .containsExactly(
            broken + " answered 503: {\"error\":\\n\\t\"no \\u001b[31mdatabase\"}",
            long500 + " answered 500: " + "x".repeat(200) + "…",
            empty + " answered 500");
  }

  @Test
  void aSecretThatAnAnswerRepeatsIsNotQuoted() {
    SecretResolver secrets = TestSecrets.of(name -> "hunter@:/?#%" + "2".repeat(300));
    String echo = saying("/echo", 403, "");
    server.removeContext("/echo");
    server.createContext(
        "/echo",
        exchange ->
            answer(
                exchange,
                403,
                "no: %s %s %s"
                    .formatted(
                        exchange.getRequestURI().getRawQuery(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        secrets.resolve("${env:PASSWORD}"))));
    String address = echo.replace("http://", "http://probe:${env:PASSWORD}@") + "?deep=1";

    CheckResult result =
        new ApiHealthCheck(secrets, UNKNOWN, Duration.ZERO)
            .run(context(address), ProgressMonitor.unmonitored())
            .toResult(CheckName.API_HEALTH);

    assertThat(result.mismatches())
        .containsExactly(address + " answered 403: no: deep=1 Basic *** ***");
  }

  @Test
  void aServiceThatFollowsTheSwitchAMomentLaterPasses() {
    AtomicInteger asked = new AtomicInteger();

    CheckResult result = check(endpoint("/slow", () -> asked.incrementAndGet() < 3 ? 503 : 200));

    assertThat(result.status()).isEqualTo(Status.PASSED);
  }

  @Test
  void anEndpointThatWasWellOnlyOnceDoesNotPass() {
    AtomicInteger asked = new AtomicInteger();

    CheckResult result = check(endpoint("/once", () -> asked.incrementAndGet() == 1 ? 200 : 500));

    assertThat(result.status()).isEqualTo(Status.FAILED);
  }

  @Test
  void whereAllServicesFollowTheRouteOneAnswerIsEnough() {
    AtomicInteger asked = new AtomicInteger();
    String once = endpoint("/once", () -> asked.incrementAndGet() == 1 ? 200 : 500);

    CheckResult result =
        new ApiHealthCheck(
                TestSecrets.of(name -> "k3y"),
                (context, patience, monitor) -> true,
                Duration.ofSeconds(3))
            .run(context(once), ProgressMonitor.unmonitored())
            .toResult(CheckName.API_HEALTH);

    assertThat(result.status()).isEqualTo(Status.PASSED);
    assertThat(asked).hasValue(1);
  }

  @Test
  void anEndpointThatDoesNotAnswerIsNamed() {
    CheckResult result = check("http://127.0.0.1:1/health");

    assertThat(result.mismatches())
        .singleElement()
        .asString()
        .startsWith("http://127.0.0.1:1/health did not answer");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerThatDoesNotEndIsNone() {
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
        });
    String endless = "http://127.0.0.1:%d/endless".formatted(server.getAddress().getPort());

    assertThat(check(endless).mismatches())
        .containsExactly(endless + " did not answer (TimeoutException)");
  }

  @Test
  void aSecretOfAnAddressIsSentAndNotRepeated() {
    AtomicInteger right = new AtomicInteger();
    server.createContext(
        "/secret",
        exchange -> {
          boolean known =
              "Basic cDprM3k=".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          right.addAndGet(known ? 1 : 0);
          exchange.sendResponseHeaders(known ? 500 : 403, -1);
          exchange.close();
        });

    CheckResult result =
        check("http://p:${env:KEY}@127.0.0.1:" + server.getAddress().getPort() + "/secret");

    assertThat(right).hasPositiveValue();
    assertThat(result.mismatches().toString()).contains("${env:KEY}@", " answered 500");
    assertThat(result.mismatches().toString()).doesNotContain("k3y");
  }

  @Test
  void withoutEndpointsTheCheckDoesNotApply() {
    assertThat(check().status()).isEqualTo(Status.SKIPPED);
  }

  @Test
  void aPlanWarnsOfAnEndpointThatGivesNoAnswerAndOfNoneThatGivesAny() {
    EndpointReach reach = new EndpointReach(TestSecrets.of(name -> "k3y"));
    String silent = "http://probe:${env:KEY}@127.0.0.1:1/health";

    PlanFindings findings =
        reach.look(context(endpoint("/a", () -> 200), endpoint("/early", () -> 503), silent));

    assertThat(findings.refusals()).isEmpty();
    assertThat(findings.warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.object()).isEqualTo(silent);
              assertThat(warning.message()).startsWith("did not answer (ConnectException). ");
            });
  }

  @Test
  void aPlanRefusesAnEndpointWhoseSecretNobodyHas() {
    PlanFindings findings =
        new EndpointReach(TestSecrets.of(name -> null))
            .look(context("http://probe:${env:KEY}@127.0.0.1:1/health"));

    assertThat(findings.refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("KEY"));
  }

  private String endpoint(String path, IntSupplier status) {
    server.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(status.getAsInt(), -1);
          exchange.close();
        });
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private String saying(String path, int status, String body) {
    server.createContext(path, exchange -> answer(exchange, status, body));
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private CheckResult check(String... addresses) {
    return check
        .run(context(addresses), ProgressMonitor.unmonitored())
        .toResult(CheckName.API_HEALTH);
  }

  private static MigrationContext context(String... addresses) {
    MigrationRequest request =
        new MigrationRequest(
            "acme",
            "acme",
            new TierChange("A", "B"),
            Mode.OFFLINE,
            Approval.AUTOMATIC,
            OnRollback.DROP,
            Duration.ZERO,
            null,
            new SnapshotSpec("file:/snapshots"),
            null,
            null,
            null,
            null,
            null,
            new VerificationSpec(List.of(addresses), List.of()));
    return new MigrationContext("m", "tenant-migration-acme", "run", request);
  }
}

package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.database.KeptAliveSockets;
import com.matih.tenantmigration.controlplane.database.Transactions;
import com.matih.tenantmigration.controlplane.database.UnhurriedDatabase;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A control plane database that takes what is sent and answers nothing. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class SilentControlPlaneIT {

  private static final int CALLS = 8;

  private final PostgresServer server = TestServers.postgres();
  private final TestControlPlane database = new TestControlPlane();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private SilencedProxy proxy;
  private ControlPlane controlPlane;

  @BeforeEach
  void open() throws IOException {
    proxy = SilencedProxy.before(server.port());
    controlPlane = ControlPlane.open(proxy.inUrl(database.url()), server.user(), server.password());
  }

  @AfterEach
  void close() throws IOException {
    callers.shutdownNow();
    proxy.close();
    controlPlane.close();
    database.close();
  }

  @Test
  void callsInFlightFailAndLaterOnesGetAConnectionOnceItAnswers() {
    List<CompletableFuture<Integer>> held = inFlight();
    proxy.fallSilent();
    held.forEach(call -> assertFailsWithin(call, Duration.ofSeconds(14)));

    assertFailsWithin(count(), Duration.ofSeconds(20));
    proxy.speakAgain();

    await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> count().join(), found -> found == 0);
  }

  @Test
  void aChangeOfATenantThatGetsNoAnswerFailsSoonAndCanBeRepeated() {
    TenantConfigs configs = controlPlane.tenantConfigs();
    configs.add(TestControlPlane.config("acme"));
    TenantConfig seen = configs.find("acme").orElseThrow();
    TenantConfig wanted = seen.withState(TenantConfig.State.READ_ONLY);
    proxy.fallSilentAt("UPDATE tenant_control.tenant_config");

    assertFailsWithin(
        CompletableFuture.supplyAsync(() -> set(configs, seen, wanted), callers),
        Duration.ofSeconds(14));
    proxy.speakAgain();

    await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> set(configs, seen, wanted) == 1);
    assertThat(configs.find("acme").orElseThrow().state()).isEqualTo(TenantConfig.State.READ_ONLY);
  }

  private static int set(TenantConfigs configs, TenantConfig seen, TenantConfig wanted) {
    return configs.compareAndSet(seen, wanted) ? 1 : 0;
  }

  @Test
  void connectionsThatLayIdleThroughASilenceHoldNobodyUp() {
    inFlight().forEach(call -> assertThat(call.join()).isZero());
    // the pool takes one that was used half a second ago for alive
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    proxy.fallSilent();
    proxy.speakAgain();

    await()
        .atMost(Duration.ofSeconds(15))
        .ignoreExceptions()
        .until(() -> count().join(), found -> found == 0);
  }

  @Test
  void theUpgradeTakesItsTimeAndLeavesThePoolItsLimit() throws SQLException {
    controlPlane.upgrade();

    try (Connection connection = controlPlane.database().getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(8_000);
    }
    try (Connection connection = new UnhurriedDatabase(controlPlane.database()).getConnection()) {
      assertThat(connection.getNetworkTimeout()).isZero();
    }
  }

  @Test
  void theSystemAsksASilentPeerAfterHalfAMinute() throws IOException {
    try (Socket socket = new KeptAliveSockets().createSocket()) {
      assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(30);
      assertThat(socket.getKeepAlive()).isTrue();
    }
  }

  /** As many calls as the pool has connections, each holding one while it waits for its lock. */
  private List<CompletableFuture<Integer>> inFlight() {
    List<CompletableFuture<Integer>> calls =
        IntStream.range(0, CALLS).mapToObj(call -> slowCount()).toList();
    await().until(() -> proxy.connections() >= CALLS);
    return calls;
  }

  private CompletableFuture<Integer> slowCount() {
    return CompletableFuture.supplyAsync(
        () ->
            new Transactions(controlPlane.database())
                .run(
                    "wait",
                    connection -> {
                      try (var statement = connection.createStatement()) {
                        statement.execute("SELECT pg_sleep(2)");
                      }
                      return 0;
                    }),
        callers);
  }

  private CompletableFuture<Integer> count() {
    return CompletableFuture.supplyAsync(
        () -> controlPlane.tenantConfigs().find("nobody").isPresent() ? 1 : 0, callers);
  }

  private static void assertFailsWithin(CompletableFuture<Integer> call, Duration bound) {
    await().atMost(bound).until(call::isDone);
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(call::join)
        .havingCause()
        .isInstanceOfSatisfying(
            MigrationException.class,
            failure ->
                assertThat(failure.type())
                    .as(failure.getMessage())
                    .isEqualTo(FailureType.STORE_UNREACHABLE));
  }
}

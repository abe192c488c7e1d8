package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.ServiceInstances.ServiceState;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a migration learns of the services that write for a tenant. */
class ServiceAcknowledgementIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final String QUERIES = "query-service";

  private final TestControlPlane database = new TestControlPlane();
  private final TenantConfigs configs = database.controlPlane().tenantConfigs();
  private final List<TenantConfigListener> listeners = new ArrayList<>();

  @BeforeEach
  void add() {
    configs.add(TestControlPlane.config("acme"));
  }

  @AfterEach
  void close() {
    listeners.forEach(TenantConfigListener::close);
    database.close();
  }

  private TenantConfigListener start(String instance, List<TenantConfig> heard)
      throws InterruptedException {
    TenantConfigListener listener =
        TenantConfigListener.start(
            database.url(),
            database.user(),
            database.password(),
            heard::add,
            LIMIT,
            new ServiceInstance(QUERIES, instance));
    listeners.add(listener);
    assertThat(listener.awaitFirstRead(PATIENCE)).isTrue();
    return listener;
  }

  private TenantConfig makeReadOnly() {
    TenantConfig seen = configs.find("acme").orElseThrow();
    configs.compareAndSet(seen, seen.withState(State.READ_ONLY));
    return configs.find("acme").orElseThrow();
  }

  private ServiceState state() {
    return database.controlPlane().serviceInstances().of("acme", List.of(QUERIES), SETTLE).get(0);
  }

  @Test
  void aServiceHasStoppedWhenEachOfItsInstancesSaysSo() throws InterruptedException {
    List<TenantConfig> heard = new CopyOnWriteArrayList<>();
    TenantConfigListener one = start("one", heard);
    TenantConfigListener two = start("two", new CopyOnWriteArrayList<>());
    TenantConfig readOnly = makeReadOnly();
    assertThat(state().writing()).isEqualTo("one, two");

    one.acknowledgeReadOnly(readOnly);
    await().atMost(PATIENCE).until(() -> state().writing().equals("two"));
    assertThat(state().hasStopped()).isFalse();

    two.acknowledgeReadOnly(readOnly);
    await().atMost(PATIENCE).until(() -> state().hasStopped());
  }

  @Test
  void anAcknowledgementIsToldWithinAMoment() throws InterruptedException {
    List<TenantConfig> heard = new CopyOnWriteArrayList<>();
    TenantConfigListener one = start("one", heard);
    TenantConfig readOnly = makeReadOnly();
    await().atMost(PATIENCE).until(() -> heard.contains(readOnly));

    one.acknowledgeReadOnly(readOnly);

    await().atMost(Duration.ofSeconds(1)).until(() -> state().hasStopped());
  }

  @Test
  void whatWasAcknowledgedBeforeSaysNothingOfNow() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    one.acknowledgeReadOnly(makeReadOnly());
    await().atMost(PATIENCE).until(() -> state().hasStopped());
    TenantConfig seen = configs.find("acme").orElseThrow();
    configs.compareAndSet(seen, seen.withState(State.ACTIVE));

    makeReadOnly();

    assertThat(state().writing()).isEqualTo("one");
  }

  @Test
  void aRouteThatChangedWhileTheTenantIsReadOnlyIsAcknowledgedAnew() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    TenantConfig readOnly = makeReadOnly();
    one.acknowledgeReadOnly(readOnly);
    await().atMost(PATIENCE).until(() -> state().hasStopped());

    configs.compareAndSet(readOnly, readOnly.withTier("ENTERPRISE"));

    assertThat(state().hasStopped()).isFalse();
    one.acknowledgeReadOnly(configs.find("acme").orElseThrow());
    await().atMost(PATIENCE).until(() -> state().hasStopped());
  }

  @Test
  void aServiceWithoutALeaseIsUnknown() {
    makeReadOnly();

    assertThat(state()).isEqualTo(new ServiceState(QUERIES, 0, "", ""));
    assertThat(state().hasStopped()).isFalse();
  }

  @Test
  void anInstanceThatEndsWellIsForgotten() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    TenantConfigListener two = start("two", new CopyOnWriteArrayList<>());
    one.acknowledgeReadOnly(makeReadOnly());

    two.close();

    await().atMost(PATIENCE).until(() -> state().hasStopped());
  }

  @Test
  void anInstanceThatVanishedIsLostFirstAndNoMatterLater() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    database.execute(
        "INSERT INTO tenant_control.service_instance"
            + " VALUES ('%s', 'killed', clock_timestamp() - interval '1 s')".formatted(QUERIES));
    one.acknowledgeReadOnly(makeReadOnly());
    await().atMost(PATIENCE).until(() -> state().writing().isEmpty());
    assertThat(state().lost()).isEqualTo("killed");
    assertThat(state().hasStopped()).isFalse();

    database.execute(
        "UPDATE tenant_control.service_instance SET lease_until = lease_until - interval '10 s'"
            + " WHERE instance = 'killed'");

    assertThat(state().hasStopped()).isTrue();
  }

  @Test
  void anInstanceIsSilentBeforeItsLeaseEnds() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    makeReadOnly();
    database.refuseConnections(true);
    database.endSessions("tenant-config-listener");

    await().atMost(PATIENCE).until(one::isSilent);

    // asked over a connection that is still open
    assertThat(state().writing()).isEqualTo("one");
    database.refuseConnections(false);
  }

  @Test
  void aTenantThatWritesIsNotAcknowledged() throws InterruptedException {
    TenantConfigListener one = start("one", new CopyOnWriteArrayList<>());
    TenantConfig active = configs.find("acme").orElseThrow();

    assertThatThrownBy(() -> one.acknowledgeReadOnly(active))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acme is ACTIVE");
  }
}

package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TenantConfigListenerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestControlPlane database = new TestControlPlane();
  private final TenantConfigs configs = database.controlPlane().tenantConfigs();
  private final List<TenantConfig> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private TenantConfigListener listener;

  @BeforeEach
  void start() throws InterruptedException {
    configs.add(TestControlPlane.config("acme"));
    listener =
        TenantConfigListener.start(
            database.url(), database.user(), database.password(), this::follow);
    assertThat(listener.awaitFirstRead(PATIENCE)).isTrue();
  }

  @AfterEach
  void close() {
    listener.close();
    database.close();
  }

  @Test
  void whatIsThereAtTheBeginningIsToldFirst() {
    await().atMost(PATIENCE).until(() -> heard.size() == 1);
    assertThat(listener.current("acme")).contains(heard.get(0));
    assertThat(listener.current("nobody")).isEmpty();
  }

  @Test
  void aChangeIsHeardSoonAfterItsCommit() {
    TenantConfig seen = configs.find("acme").orElseThrow();
    configs.compareAndSet(seen, seen.withState(State.READ_ONLY));

    await().atMost(PATIENCE).until(() -> state().equals(State.READ_ONLY));
    configs.add(TestControlPlane.config("new"));
    await().atMost(PATIENCE).until(() -> listener.current("new").isPresent());
  }

  @Test
  void aChangeWhileTheConnectionIsBrokenIsHeardAfterTheReconnect() {
    TenantConfig seen = configs.find("acme").orElseThrow();
    breakConnection();
    configs.compareAndSet(seen, seen.withState(State.READ_ONLY));

    await().atMost(PATIENCE).until(() -> state().equals(State.READ_ONLY));
    // and it listens again
    configs.compareAndSet(configs.find("acme").orElseThrow(), seen);
    await().atMost(PATIENCE).until(() -> state().equals(State.ACTIVE));
  }

  @Test
  void aChangeThatTheServiceCouldNotFollowIsToldAgain() {
    TenantConfig seen = configs.find("acme").orElseThrow();
    failures.set(2);
    configs.compareAndSet(seen, seen.withState(State.READ_ONLY));

    await().atMost(PATIENCE).until(() -> heard.size() == 2);

    assertThat(failures).hasNonPositiveValue();
    assertThat(heard.get(1).state()).isEqualTo(State.READ_ONLY);
  }

  @Test
  void aTenantThatWentWhileTheConnectionWasBrokenIsKnownNoLonger() {
    // without a NOTIFY, so that nothing but the reading after the reconnect can tell
    database.execute("DELETE FROM tenant_control.tenant_config WHERE tenant_id = 'acme'");
    breakConnection();

    await().atMost(PATIENCE).until(() -> listener.current("acme").isEmpty());
  }

  /** What a service does that opens a pool for the tenant's new route. */
  private void follow(TenantConfig config) {
    if (failures.getAndDecrement() > 0) {
      throw new IllegalStateException("the pool could not be opened");
    }
    heard.add(config);
  }

  private void breakConnection() {
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'tenant-config-listener'"
            + " AND datname = current_database()");
  }

  private State state() {
    return listener.current("acme").orElseThrow().state();
  }
}

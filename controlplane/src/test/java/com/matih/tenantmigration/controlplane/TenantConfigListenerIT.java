package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Order(1) // it takes longest
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class TenantConfigListenerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final TestControlPlane database = new TestControlPlane();
  private final TenantConfigs configs = database.controlPlane().tenantConfigs();
  private final List<TenantConfig> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final List<String> removed = new CopyOnWriteArrayList<>();
  private final List<String> silences = new CopyOnWriteArrayList<>();
  private final TenantConfigFollower follower = new Service();
  private TenantConfigListener listener;

  @BeforeEach
  void start() throws InterruptedException {
    configs.add(TestControlPlane.config("acme"));
    listener =
        TenantConfigListener.start(
            database.url(), database.user(), database.password(), follower, LIMIT);
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
  void whatAPersonChangesByHandIsHeardAndGetsTheNextVersion() {
    long version = configs.find("acme").orElseThrow().version();

    // longer than any change that is announced takes, shorter than it takes to read all again
    database.execute("UPDATE tenant_control.tenant_config SET state = 'READ_ONLY'");
    await().atMost(Duration.ofSeconds(10)).until(() -> state().equals(State.READ_ONLY));
    assertThat(listener.current("acme").orElseThrow().version()).isEqualTo(version + 1);

    database.execute("UPDATE tenant_control.tenant_config SET tenant_id = 'renamed'");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> removed.contains("acme") && listener.current("renamed").isPresent());

    database.execute("DELETE FROM tenant_control.tenant_config WHERE tenant_id = 'renamed'");
    await().atMost(Duration.ofSeconds(10)).until(() -> removed.contains("renamed"));
  }

  @Test
  void aTruncatedTableIsHeard() {
    database.execute("TRUNCATE tenant_control.tenant_config");

    await().atMost(Duration.ofSeconds(10)).until(() -> removed.contains("acme"));
  }

  @Test
  void aChangeThatNobodyAnnouncedIsReadWithinTheTimer() {
    database.execute("ALTER TABLE tenant_control.tenant_config DISABLE TRIGGER announce_change");
    database.execute("UPDATE tenant_control.tenant_config SET state = 'READ_ONLY'");

    await().atMost(Duration.ofSeconds(40)).until(() -> state().equals(State.READ_ONLY));
  }

  @Test
  void aRemovalThatTheServiceCouldNotFollowIsToldAgain() {
    await().atMost(PATIENCE).until(() -> heard.size() == 1);
    failures.set(1);
    database.execute("DELETE FROM tenant_control.tenant_config");

    await().atMost(PATIENCE).until(() -> removed.equals(List.of("acme")));
  }

  @Test
  void aServiceIsWarnedOfASilenceAndToldWhenItIsOver() {
    Instant before = listener.lastHeard();
    await().atMost(PATIENCE).until(() -> listener.lastHeard().isAfter(before));
    assertThat(listener.isSilent()).isFalse();

    database.refuseConnections(true);
    breakConnection();
    await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent")));
    assertThat(listener.isSilent()).isTrue();
    assertThat(listener.current("acme")).isPresent();

    database.refuseConnections(false);
    await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent", "heard again")));
    assertThat(listener.isSilent()).isFalse();
  }

  @Test
  void aConnectionThatFallsSilentIsNoticedToo() throws Exception {
    try (SilencedProxy proxy = SilencedProxy.before(database.address());
        TenantConfigListener behindProxy = behind(proxy)) {
      assertThat(behindProxy.awaitFirstRead(PATIENCE)).isTrue();

      proxy.fallSilent();
      await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent")));
      database.execute("UPDATE tenant_control.tenant_config SET state = 'READ_ONLY'");
      assertThat(behindProxy.current("acme").orElseThrow().state()).isEqualTo(State.ACTIVE);

      proxy.speakAgain();
      await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent", "heard again")));
      await()
          .atMost(PATIENCE)
          .until(() -> behindProxy.current("acme").orElseThrow().state() == State.READ_ONLY);
    }
  }

  @Test
  void aSilenceIsOverOnlyWhenEveryChangeThatWasMadeMeanwhileHasBeenTold() throws Exception {
    SlowService service = new SlowService();
    try (SilencedProxy proxy = SilencedProxy.before(database.address());
        TenantConfigListener behindProxy = behind(proxy, service)) {
      assertThat(behindProxy.awaitFirstRead(PATIENCE)).isTrue();
      proxy.fallSilent();
      await().atMost(PATIENCE).until(behindProxy::isSilent);
      database.execute("UPDATE tenant_control.tenant_config SET state = 'READ_ONLY'");

      service.toldWhenOver = null;
      proxy.speakAgain();

      await().atMost(PATIENCE).until(() -> service.toldWhenOver != null);
      assertThat(service.toldWhenOver).isEqualTo(State.READ_ONLY);
    }
  }

  /** One whose pool takes longer to open than the watch takes between two looks. */
  private static final class SlowService implements TenantConfigFollower {

    private volatile @Nullable State told;
    private volatile @Nullable State toldWhenOver;

    @Override
    public void changed(TenantConfig config) {
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      told = config.state();
    }

    @Override
    public void heardAgain() {
      toldWhenOver = told;
    }
  }

  @Test
  void aServiceThatStartsIntoASilenceIsWarnedAndHearsSoonAfterItsEnd() throws Exception {
    try (SilencedProxy proxy = SilencedProxy.before(database.address())) {
      proxy.fallSilent();
      try (TenantConfigListener late = behind(proxy)) {
        await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent")));
        assertThat(late.current("acme")).isEmpty();

        proxy.speakAgain();

        // one try to connect, and the pause after it
        assertThat(late.awaitFirstRead(Duration.ofSeconds(15))).isTrue();
        await().atMost(PATIENCE).until(() -> silences.equals(List.of("silent", "heard again")));
      }
    }
  }

  @Test
  void aListenerThatIsClosedInASilenceEnds() throws Exception {
    try (SilencedProxy proxy = SilencedProxy.before(database.address())) {
      ThreadGroup threads = new ThreadGroup("listeners of this test");
      TenantConfigListener connected = behind(proxy, threads);
      assertThat(connected.awaitFirstRead(PATIENCE)).isTrue();
      proxy.fallSilent();
      TenantConfigListener connecting = behind(proxy, threads);
      assertThat(listeners(threads)).isEqualTo(2);

      connected.close();
      connecting.close();

      await().atMost(Duration.ofSeconds(10)).until(() -> listeners(threads) == 0);
    }
  }

  private static long listeners(ThreadGroup threads) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> threads.equals(thread.getThreadGroup()))
        .filter(thread -> thread.getName().equals("tenant-config-listener"))
        .count();
  }

  private TenantConfigListener behind(SilencedProxy proxy, ThreadGroup threads) throws Exception {
    FutureTask<TenantConfigListener> start = new FutureTask<>(() -> behind(proxy));
    new Thread(threads, start).start();
    return start.get();
  }

  private TenantConfigListener behind(SilencedProxy proxy) {
    return behind(proxy, follower);
  }

  private TenantConfigListener behind(SilencedProxy proxy, TenantConfigFollower service) {
    return TenantConfigListener.start(
        proxy.inUrl(database.url()), database.user(), database.password(), service, LIMIT);
  }

  /** What a service does that opens a pool for the tenant's new route. */
  private final class Service implements TenantConfigFollower {

    @Override
    public void changed(TenantConfig config) {
      failSometimes();
      heard.add(config);
    }

    @Override
    public void removed(String tenant) {
      failSometimes();
      removed.add(tenant);
    }

    @Override
    public void silent(Duration silence) {
      silences.add("silent");
    }

    @Override
    public void heardAgain() {
      silences.add("heard again");
    }

    private void failSometimes() {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("the pool could not be opened");
      }
    }
  }

  private void breakConnection() {
    database.endSessions("tenant-config-listener");
  }

  private State state() {
    return listener.current("acme").orElseThrow().state();
  }
}

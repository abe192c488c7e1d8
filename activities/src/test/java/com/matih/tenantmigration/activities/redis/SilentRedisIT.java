package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.SilentStoreContract;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A cancel while one of the two caches answers nothing any more, in each phase that uses it. */
class SilentRedisIT extends CacheLab implements SilentStoreContract<SilentRedisIT.Phase> {

  private SilencedProxy sharedProxy;
  private SilencedProxy dedicatedProxy;

  /** Which side falls silent, and the text on whose arrival it does. */
  enum Phase implements SilentStoreContract.Phase {
    CONNECT(true, "HELLO"),
    PLAN(true, "INFO"),
    WARM_READS(true, "SCAN"),
    WARM_WRITES(false, "EVALSHA"),
    VERIFY(false, "MGET"),
    EVICT(false, "ZSCAN");

    private final boolean isShared;
    private final String text;

    Phase(boolean isShared, String text) {
      this.isShared = isShared;
      this.text = text;
    }

    @Override
    public boolean isShared() {
      return isShared;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public boolean isAsked() {
      return this == WARM_READS || this == WARM_WRITES;
    }
  }

  static Stream<Phase> phases() {
    return Stream.of(Phase.values());
  }

  @Override
  public SilencedProxy sharedProxy() {
    return sharedProxy;
  }

  @Override
  public SilencedProxy dedicatedProxy() {
    return dedicatedProxy;
  }

  @BeforeEach
  void openProxies() throws IOException {
    rows.fill(20);
    shared.set("acme:query:1", "stale");
    sharedProxy = SilencedProxy.before(sharedServer.port());
    dedicatedProxy = SilencedProxy.before(dedicatedServer.port());
  }

  @AfterEach
  void closeProxies() throws IOException {
    sharedProxy.close();
    dedicatedProxy.close();
  }

  @Override
  public Silence.Work prepare(Phase phase) {
    if (phase.compareTo(Phase.VERIFY) >= 0) {
      var unused = warmer.warm(context, MONITOR);
    }
    MigrationContext proxied =
        context(
            sharedProxy.inUrl(sharedServer.uri()),
            dedicatedProxy.inUrl(dedicatedServer.uri()),
            loader("query:{id}", BY_ID));
    return monitor -> work(phase, proxied, monitor);
  }

  private void work(Phase phase, MigrationContext proxied, CancellableMonitor monitor) {
    Object unused =
        switch (phase) {
          case CONNECT, WARM_READS, WARM_WRITES -> warmer.warm(proxied, monitor);
          case PLAN -> new CachePlanner(connections, rows.columnTexts()).plan(proxied, monitor);
          case VERIFY -> comparison.compare(proxied, monitor);
          case EVICT -> evictor.evict(proxied, monitor);
        };
  }
}

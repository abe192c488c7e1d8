package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cancel while one of the two caches answers nothing any more, in each phase that uses it. */
class SilentRedisIT extends CacheLab {

  private SilencedProxy sharedProxy;
  private SilencedProxy dedicatedProxy;

  /** Which side falls silent, and the text on whose arrival it does. */
  private enum Phase {
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

  @ParameterizedTest
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @EnumSource(Phase.class)
  void aCancelEndsTheWork(Phase phase) {
    if (phase.compareTo(Phase.VERIFY) >= 0) {
      var unused = warmer.warm(context, MONITOR);
    }
    MigrationContext proxied =
        context(
            sharedProxy.inUrl(sharedServer.uri()),
            dedicatedProxy.inUrl(dedicatedServer.uri()),
            loader("query:{id}", BY_ID));

    Silence.assertCancelEnds(
        phase.isShared ? sharedProxy : dedicatedProxy,
        phase.text,
        monitor -> work(phase, proxied, monitor));
  }

  private void work(Phase phase, MigrationContext proxied, CancellableMonitor monitor) {
    Object unused =
        switch (phase) {
          case CONNECT, WARM_READS, WARM_WRITES -> warmer.warm(proxied, monitor);
          case PLAN -> new CachePlanner(connections).plan(proxied, monitor);
          case VERIFY -> comparison.compare(proxied, monitor);
          case EVICT -> evictor.evict(proxied, monitor);
        };
  }
}

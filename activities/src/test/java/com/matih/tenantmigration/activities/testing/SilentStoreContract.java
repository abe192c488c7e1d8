package com.matih.tenantmigration.activities.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each store promises where one of its two servers falls silent in the middle of a step: a
 * cancel, and a pause is one to the engine, ends the work within ten seconds, it does not pass for
 * done, and nothing of it stays connected.
 *
 * <p>A store's test has a static method {@code phases} beside what is asked here.
 *
 * @param <P> its phases
 */
public interface SilentStoreContract<P extends SilentStoreContract.Phase> {

  /** One step, and when a server falls silent in it. */
  interface Phase {

    /** Whether it is the shared server that falls silent, and not the dedicated one. */
    boolean isShared();

    /** The text on whose arrival it falls silent. */
    String text();

    /** Whether the watchdog's question is tried too, which waits for its time limit. */
    default boolean isAsked() {
      return false;
    }
  }

  /** What stands before the shared server. */
  SilencedProxy sharedProxy();

  /** What stands before the dedicated server. */
  SilencedProxy dedicatedProxy();

  /** Does all that comes before the phase, and answers its work through the proxies. */
  Silence.Work prepare(P phase) throws Exception;

  @ParameterizedTest
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @MethodSource("phases")
  default void aCancelEndsTheWork(P phase) throws Exception {
    Silence.Work work = prepare(phase);

    CancellableMonitor monitor =
        Silence.assertCancelEnds(
            phase.isShared() ? sharedProxy() : dedicatedProxy(), phase.text(), work);
    if (phase.isAsked()) {
      assertThat(monitor.silentServers()).as("the one that the watchdog finds silent").hasSize(1);
    }

    await()
        .atMost(Silence.PROMISE)
        .until(() -> sharedProxy().connections() + dedicatedProxy().connections() == 0);
  }
}

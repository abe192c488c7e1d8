package com.matih.tenantmigration.activities.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Work that is cancelled while the server that it works with says nothing any more. */
public final class Silence {

  /** In what time a user is promised that a cancel takes effect. */
  public static final Duration PROMISE = Duration.ofSeconds(10);

  private Silence() {}

  /** Work of an engine. */
  public interface Work {
    void run(CancellableMonitor monitor) throws Exception;
  }

  /**
   * Has the server fall silent when it is sent a text, cancels the work then, and requires it to
   * end in the promised time, with a failure.
   *
   * @return the monitor that the work had
   */
  public static CancellableMonitor assertCancelEnds(SilencedProxy server, String text, Work work) {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    server.fallSilentAt(text);
    CompletableFuture<Void> running = begin(work, monitor);
    await().atMost(Duration.ofMinutes(3)).until(() -> server.isSilent() || running.isDone());
    assertThat(server.isSilent()).as("the server was sent '%s'", text).isTrue();

    assertCancelEnds(running, monitor);
    return monitor;
  }

  /** The same for a server that is silent already: cancels work that has waited for a while. */
  public static void assertCancelEndsWhatWaits(Work work) {
    CancellableMonitor monitor = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> running = begin(work, monitor);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(20))
        .until(() -> !running.isDone());

    assertCancelEnds(running, monitor);
  }

  private static CompletableFuture<Void> begin(Work work, CancellableMonitor monitor) {
    return CompletableFuture.runAsync(
        () -> {
          try (WorkScope scope = WorkScope.enter(monitor)) {
            work.run(monitor);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        runnable -> {
          Thread thread = new Thread(runnable, "work-into-silence");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private static void assertCancelEnds(
      CompletableFuture<Void> running, CancellableMonitor monitor) {
    monitor.cancel();

    await().atMost(PROMISE).until(running::isDone);
    assertThat(running).as("it does not pass for done").isCompletedExceptionally();
  }
}

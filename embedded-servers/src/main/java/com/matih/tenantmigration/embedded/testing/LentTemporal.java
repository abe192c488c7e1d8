package com.matih.tenantmigration.embedded.testing;

import com.matih.tenantmigration.embedded.TemporalServer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A Temporal server that one test class at a time has: workers poll task queues of fixed names, and
 * on a server that is shared they would take the tasks of another class, which runs beside.
 *
 * <p>Who closes it gives the server back, for the next class, and must have ended its workers.
 */
public final class LentTemporal implements AutoCloseable {

  private static final Deque<TemporalServer> FREE = new ArrayDeque<>();
  private static int started;

  private final TemporalServer server;
  private boolean isGivenBack;

  private LentTemporal(TemporalServer server) {
    this.server = server;
  }

  /** One that nobody has; starts it where there is none. */
  public static LentTemporal borrow() {
    String name;
    synchronized (FREE) {
      TemporalServer free = FREE.poll();
      if (free != null) {
        return new LentTemporal(free);
      }
      started++;
      name = "temporal-" + started;
    }
    return new LentTemporal(TemporalServer.start(TestServers.folder(), name));
  }

  public TemporalServer server() {
    return server;
  }

  @Override
  public void close() {
    synchronized (FREE) {
      if (!isGivenBack) {
        isGivenBack = true;
        FREE.push(server);
      }
    }
  }
}

package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.activities.engine.ProgressMonitor.Registration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What breaks off an engine's blocking calls: each action runs once at most, on a thread of its own
 * so that none holds up another, and never after its registration was closed.
 */
public final class Interruptions {

  private static final Logger log = LoggerFactory.getLogger(Interruptions.class);

  private final Set<Once> registered = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /** Registers an action; runs it at once, on this thread, where the interruption has begun. */
  public Registration add(Runnable action) {
    Once once = new Once(action);
    registered.add(once);
    if (begun) {
      once.run();
    }
    return once;
  }

  /** Runs all actions, present and to come. */
  public void begin() {
    begun = true;
    for (Once action : registered) {
      Thread thread = new Thread(action, "interruption");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** One action; closing it waits for one that is running. */
  private final class Once implements Runnable, Registration {

    private final Runnable action;
    private boolean over;

    Once(Runnable action) {
      this.action = action;
    }

    @Override
    public synchronized void run() {
      if (over) {
        return;
      }
      over = true;
      try {
        action.run();
      } catch (RuntimeException e) {
        log.warn("could not interrupt a blocking call; the work stops at its next step", e);
      }
    }

    @Override
    public void close() {
      registered.remove(this);
      synchronized (this) {
        over = true;
      }
    }
  }
}

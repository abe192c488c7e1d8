package com.matih.tenantmigration.devstack;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a command has started, once: when the command is done, or when a signal ends the JVM.
 */
public final class StackEnd implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StackEnd.class);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Terminal terminal;
  private boolean ended;

  private StackEnd(Terminal terminal) {
    this.terminal = terminal;
  }

  /** From now on a signal that ends the JVM ends what is handed over. */
  public static StackEnd onSignal(Terminal terminal) {
    StackEnd end = new StackEnd(terminal);
    Runtime.getRuntime().addShutdownHook(new Thread(end::close, "stack-end"));
    return end;
  }

  /** Has a resource closed in the end, before all that were handed over earlier. */
  public synchronized <T extends AutoCloseable> T whenDone(T resource) {
    if (ended) {
      closeOne(resource);
      throw new IllegalStateException("the command is being ended");
    }
    started.push(resource);
    return resource;
  }

  @Override
  public synchronized void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (!started.isEmpty()) {
      terminal.heading("Stopping");
    }
    while (!started.isEmpty()) {
      closeOne(started.pop());
    }
  }

  private void closeOne(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.warn("a part did not end in order", e);
      terminal.line("  not all ended in order: " + e.getMessage());
    }
  }
}

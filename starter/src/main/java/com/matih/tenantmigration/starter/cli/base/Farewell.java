package com.matih.tenantmigration.starter.cli.base;

import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, where Ctrl-C or a signal ends a command that waits, what goes on without it. */
public final class Farewell {

  private static final Logger log = LoggerFactory.getLogger(Farewell.class);

  private final PrintWriter errors;
  private final String text;

  private Farewell(PrintWriter errors, String text) {
    this.errors = errors;
    this.text = text;
  }

  /** Of one who watches a tenant's {@code migration} or {@code repair}. */
  public static Farewell toWatcher(PrintWriter errors, String what, String tenant) {
    return new Farewell(
        errors,
        "The %s of tenant %s continues. To watch it again:%n  tenant-migration status %s --watch"
            .formatted(what, tenant, tenant));
  }

  /** Of one who waits for a tenant's plan. */
  public static Farewell toPlanner(PrintWriter errors, String tenant) {
    return new Farewell(
        errors,
        "A worker still makes the plan of tenant %s. It changes nothing and ends by itself."
            .formatted(tenant));
  }

  /**
   * Waits, and is there for a signal as long as that takes.
   *
   * @param before done before the text is written, so that nothing follows it
   */
  public <T> T during(Wait<T> wait, Runnable before) throws InterruptedException {
    Thread hook =
        new Thread(
            () -> {
              before.run();
              // the terminal's own ^C is at the beginning of the line
              errors.printf("%n%s%n", text);
              errors.flush();
            },
            "farewell");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return wait.end();
    } finally {
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("the process is being ended, and the text is on its way", e);
    }
  }

  /** Something that takes long. */
  @FunctionalInterface
  public interface Wait<T> {

    /** Comes back at its end. */
    T end() throws InterruptedException;
  }
}

package com.matih.tenantmigration.devstack;

import java.io.PrintWriter;
import java.time.Duration;

/** Lines for the person at the terminal, whole even when several threads write. */
public final class Terminal {

  private final PrintWriter out;

  public Terminal(PrintWriter out) {
    this.out = out;
  }

  /** Prints a line at once. */
  public synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Prints lines that have their own line feeds, at once. */
  public synchronized void part(String lines) {
    out.print(lines);
    out.flush();
  }

  /** Prints an empty line and a heading. */
  public synchronized void heading(String text) {
    line("");
    line(text);
  }

  /** Prints one thing that is done and how long it took. */
  public void done(String what, Duration time) {
    line("  %-34s %6.1f s".formatted(what, time.toMillis() / 1000.0));
  }
}

package com.matih.tenantmigration.activities.engine.snapshot;

import java.io.OutputStream;

/**
 * A snapshot's file in the making, which can be given up: then nothing of it stays. A storage's
 * streams may be of this kind, so that a failed copy needs no clean-up later.
 */
public abstract class AbandonableOutput extends OutputStream {

  /** Gives the file up, and what it already takes up; does nothing after {@link #close}. */
  public abstract void abandon();

  /**
   * Gives up a stream of any kind; one that cannot be given up is left unclosed, and unreadable.
   */
  public static void abandon(OutputStream output) {
    if (output instanceof AbandonableOutput abandonable) {
      abandonable.abandon();
    }
  }
}

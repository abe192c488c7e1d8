package com.matih.tenantmigration.embedded.process;

import com.matih.tenantmigration.embedded.EmbeddedServer;

/** Hears of each server as it comes up; called from several threads, one call at a time. */
@FunctionalInterface
public interface StartListener {

  /** A listener that does nothing. */
  StartListener NONE = server -> {};

  /** The server answers; its {@link EmbeddedServer#startTime()} is known. */
  void started(EmbeddedServer server);
}

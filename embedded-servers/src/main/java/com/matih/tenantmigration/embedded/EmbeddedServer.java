package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real server in a process of its own, on loopback alone.
 *
 * <p>It ends when it is closed, and when the JVM that started it ends in whatever way.
 */
public interface EmbeddedServer extends AutoCloseable {

  /** The name it was started under, unique within its {@link ServerFolder}. */
  String name();

  /** The file that holds all the server has printed. */
  Path log();

  /** The process that was started: the server itself, or the guard whose child it is. */
  ProcessHandle process();

  /** The time from the launch of the process until the server answered. */
  Duration startTime();

  /** Ends the server and waits for it; a second call does nothing. */
  @Override
  void close();
}

package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.StartListener;

/** A program that starts servers, says where, and waits to be killed. */
public final class StackToKill {

  private StackToKill() {}

  /** Prints the servers' folder when all are up. */
  public static void main(String[] args) throws InterruptedException {
    ServerFolder folder = ServerFolder.temporary("stack-to-kill-");
    EmbeddedServers.in(folder)
        .with("postgres", PostgresServer::start)
        .with("redis", RedisServer::start)
        .with("temporal", TemporalServer::startInMemory)
        .start(StartListener.NONE);
    System.out.println(folder.path());
    Thread.sleep(Long.MAX_VALUE);
  }
}

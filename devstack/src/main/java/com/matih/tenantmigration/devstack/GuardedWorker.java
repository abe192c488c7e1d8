package com.matih.tenantmigration.devstack;

import java.io.IOException;

/**
 * Runs the command {@code worker} in a process that does not outlive the devstack: when its
 * standard input ends, the devstack is gone, and so are the servers that the worker could give work
 * back to.
 */
public final class GuardedWorker {

  private GuardedWorker() {}

  public static void main(String[] arguments) {
    Thread guard = new Thread(GuardedWorker::endWithInput, "devstack-guard");
    guard.setDaemon(true);
    guard.start();
    Main.main(arguments);
  }

  private static void endWithInput() {
    int status = 0;
    try {
      while (System.in.read() >= 0) {
        // nothing is sent; only the end of it says something
      }
    } catch (IOException e) {
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }
}

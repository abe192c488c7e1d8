package com.matih.tenantmigration.embedded.child;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another main and ends the JVM when its standard input ends, which is when the parent closes
 * it or dies.
 */
public final class GuardedMain {

  private GuardedMain() {}

  /**
   * Ends with status 1 if the other main fails.
   *
   * @param args the other main's class name, then its arguments
   */
  public static void main(String[] args) throws ReflectiveOperationException {
    // no daemon: it keeps the JVM alive for a server whose own threads are all daemons
    new Thread(GuardedMain::awaitEndOfInput, "parent-guard").start();
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      e.getCause().printStackTrace();
      // a server may have left threads behind that would keep a dead JVM alive
      Runtime.getRuntime().halt(1);
    }
  }

  /** Halts at once: the data goes with the servers' folder, and shutdown hooks take seconds. */
  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // what the parent writes, if anything, carries no meaning
      }
    } catch (IOException e) {
      System.err.println("the pipe from the parent cannot be read: " + e);
    }
    Runtime.getRuntime().halt(0);
  }
}

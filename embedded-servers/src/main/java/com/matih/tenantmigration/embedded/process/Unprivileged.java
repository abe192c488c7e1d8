package com.matih.tenantmigration.embedded.process;

import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands for a server that refuses to run as root: for root, in a user namespace in which it is
 * nobody.
 *
 * <p>The files such a server makes belong to root outside, so nothing needs to change hands.
 */
public final class Unprivileged {

  private static final String UNSHARE = "unshare";
  private static final boolean IS_ROOT = new UnixSystem().getUid() == 0;

  private Unprivileged() {}

  public static List<String> command(List<String> command) {
    if (!IS_ROOT) {
      return command;
    }
    List<String> all = new ArrayList<>(List.of(UNSHARE, "--user", "--"));
    all.addAll(command);
    return all;
  }

  /**
   * Checks that such commands work here.
   *
   * @throws MissingToolException if this is root and the machine has no namespaces for it
   */
  public static void require() {
    if (!IS_ROOT) {
      return;
    }
    if (Programs.onPath(UNSHARE).isEmpty()) {
      throw new MissingToolException(
          "PostgreSQL refuses to run as root and unshare is not on this machine; install the"
              + " package util-linux or run as another user.");
    }
    try {
      Programs.Result probe = Programs.run(command(List.of("id", "-u")));
      if (probe.status() != 0) {
        throw new MissingToolException(
            "PostgreSQL refuses to run as root and root gets no user namespace here ("
                + probe.output()
                + "); run as another user.");
      }
    } catch (IOException e) {
      throw new MissingToolException(
          "PostgreSQL refuses to run as root and unshare does not work here ("
              + e.getMessage()
              + "); run as another user.");
    }
  }
}

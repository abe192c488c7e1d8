package com.matih.tenantmigration.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands for a server that refuses to run as root: for root, in a user namespace in which it is
 * nobody.
 *
 * <p>The files such a server makes belong to root outside, so nothing needs to change hands.
 */
final class Unprivileged {

  private Unprivileged() {}

  static List<String> command(List<String> command) {
    return IsRoot.VALUE ? inNamespace(command) : command;
  }

  private static List<String> inNamespace(List<String> command) {
    List<String> all = new ArrayList<>(List.of("unshare", "--user", "--"));
    all.addAll(command);
    return all;
  }

  /** Looked up once; for root also checks that namespaces are to be had. */
  private static final class IsRoot {

    static final boolean VALUE = find();

    private static boolean find() {
      try {
        if (!Programs.run(List.of("id", "-u")).output().equals("0")) {
          return false;
        }
        Programs.Result probe = Programs.run(inNamespace(List.of("id", "-u")));
        if (probe.status() == 0 && !probe.output().equals("0")) {
          return true;
        }
        throw new MissingToolException(
            "PostgreSQL refuses to run as root and this machine allows root no user namespace"
                + " (unshare --user says: "
                + probe.output()
                + "); run as another user.");
      } catch (IOException e) {
        throw new MissingToolException(
            "PostgreSQL refuses to run as root and unshare is not on this machine ("
                + e.getMessage()
                + "); install the package util-linux or run as another user.");
      }
    }
  }
}

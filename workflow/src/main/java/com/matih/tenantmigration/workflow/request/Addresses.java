package com.matih.tenantmigration.workflow.request;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of addresses, and that no secret stands in them. An address is never quoted in a
 * problem.
 */
final class Addresses {

  private static final String HOST = "(?:[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.%]+])(?::\\d{1,5})?";
  private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");
  private static final Pattern BROKER =
      Pattern.compile("(?:[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.%]+]):\\d{1,5}");
  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");

  /** Stands for a reference while an address is taken apart; no address contains it. */
  private static final String HIDDEN = "\u0001";

  private Addresses() {}

  /** An address such as {@code https://host:443/path} of one of the schemes. */
  static void url(Problems problems, @Nullable String value, String path, Set<String> schemes) {
    if (!problems.text(value, path) || value == null) {
      return;
    }
    Matcher url = URL.matcher(SecretReferences.replaceEach(value, HIDDEN));
    if (!url.matches() || !schemes.contains(url.group(1))) {
      malformed(problems, path, schemes);
      return;
    }
    String authority = url.group(2);
    int at = authority.lastIndexOf('@');
    if (!HOSTS.matcher(authority.substring(at + 1).replace(HIDDEN, "R")).matches()) {
      malformed(problems, path, schemes);
      return;
    }
    if (at >= 0) {
      String user = authority.substring(0, at);
      String password = user.substring(user.indexOf(':') + 1);
      problems.require(
          password.replace(HIDDEN, "").isEmpty() && !password.isEmpty(),
          path,
          "has a literal password before its host",
          Secrets.REMEDY);
    }
    String query = url.group(4);
    problems.require(
        query == null || !assignsLiteral(query),
        path,
        "has a literal secret among its parameters",
        Secrets.REMEDY);
  }

  private static boolean assignsLiteral(String query) {
    return Secrets.assignsLiteral(query.substring(1).replace(HIDDEN, "${env:HIDDEN}"));
  }

  private static void malformed(Problems problems, String path, Set<String> schemes) {
    String scheme = schemes.stream().sorted().findFirst().orElseThrow();
    problems.add(
        path,
        "is not an address of the right form",
        "Write one such as %s://host:port; a password in it may be a reference only."
            .formatted(scheme));
  }

  /** Kafka's {@code host:port,host:port}. */
  static void bootstrapServers(Problems problems, @Nullable String value, String path) {
    if (!problems.text(value, path) || value == null) {
      return;
    }
    for (String server : SecretReferences.replaceEach(value, "R").split(",", -1)) {
      if (!BROKER.matcher(server.strip()).matches() && !server.strip().equals("R")) {
        problems.add(
            path, "is not a list of brokers", "Write host:port, several with commas between.");
        return;
      }
    }
  }

  /** A JDBC URL of PostgreSQL that names a database and holds no credentials. */
  static void jdbc(Problems problems, @Nullable String value, String path) {
    if (!problems.text(value, path) || value == null) {
      return;
    }
    String remedy = "Write jdbc:postgresql://host:port/database.";
    Matcher url =
        value.startsWith("jdbc:postgresql://")
            ? URL.matcher(value.substring("jdbc:".length()))
            : null;
    if (url == null || !url.matches()) {
      problems.add(path, "is not a JDBC URL of PostgreSQL", remedy);
      return;
    }
    if (url.group(2).contains("@") || value.contains("${")) {
      problems.add(path, "has credentials in it", "Write them as 'user' and 'password' beside it.");
      return;
    }
    boolean form = HOSTS.matcher(url.group(2)).matches() && url.group(3).length() > 1;
    problems.require(form, path, "does not name a host and a database", remedy);
    String query = url.group(4);
    problems.require(
        query == null || !query.matches("(?i).*[?&](user|\\w*password)=.*"),
        path,
        "has credentials among its parameters",
        "Write them as 'user' and 'password' beside it.");
  }
}

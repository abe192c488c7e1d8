package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import com.matih.tenantmigration.workflow.request.allowed.JdbcParameters;
import com.matih.tenantmigration.workflow.request.allowed.Objection;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of addresses, and that no secret stands in them but a reference as the password before
 * the host. An address is never quoted in a problem.
 */
final class Addresses {

  private static final String HOST = "(?:[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.%]+])(?::\\d{1,5})?";
  private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");
  private static final Pattern BROKER =
      Pattern.compile("(?:[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.%]+]):\\d{1,5}");
  private static final Pattern PORT = Pattern.compile(":(\\d{1,5})(?=,|$)");
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");

  /** Stands for a reference while an address is taken apart; no address contains it. */
  private static final String HIDDEN = "\u0001";

  private static final Set<String> REDIS_PARAMETERS = Set.of("database", "timeout", "verifyPeer");

  private Addresses() {}

  /** An endpoint that is asked with a user and a password, or without. */
  static void endpoint(Problems problems, @Nullable String value, String path) {
    var unused = url(problems, value, path, Schemes.HTTP);
  }

  /** A server's address, to which the client adds the paths itself. */
  static void server(Problems problems, @Nullable String value, String path, boolean withUser) {
    Matcher url = url(problems, value, path, Schemes.HTTP);
    if (url == null) {
      return;
    }
    problems.require(
        withUser || !url.group(2).contains("@"),
        path,
        "contains a user or a password",
        "Remove it; keys are separate settings.");
    problems.require(
        url.group(4) == null && url.group(5) == null,
        path,
        "has parameters or a fragment",
        "Write only the address, such as https://host:port.");
  }

  /** A Redis' address. */
  static void redis(Problems problems, @Nullable String value, String path) {
    Matcher url = url(problems, value, path, Schemes.REDIS);
    if (url != null && url.group(4) != null) {
      for (String parameter : url.group(4).substring(1).split("&", -1)) {
        problems.require(
            REDIS_PARAMETERS.contains(parameter.replaceFirst("=.*", "")),
            path,
            "has a parameter that is not allowed in a request",
            "Remove it. Allowed: database, timeout and verifyPeer.");
      }
    }
  }

  /** A file with the CAs that are trusted, which only TLS asks for. */
  static void caFile(
      Problems problems, @Nullable String file, String path, @Nullable String address) {
    if (file == null || !problems.text(file, path)) {
      return;
    }
    problems.require(
        file.startsWith("/"),
        path,
        "is not the absolute path of a file",
        "Name a file in one of the folders that the worker's references.folders lists.");
    problems.require(
        address == null || address.startsWith("https:") || address.startsWith("rediss"),
        path,
        "is set, but the address is one without TLS",
        "Write https:// or rediss:// as the address, or remove caFile.");
  }

  /** The address taken apart, references hidden; {@code null} where its form has a problem. */
  private static @Nullable Matcher url(
      Problems problems, @Nullable String value, String path, Set<String> schemes) {
    if (!problems.text(value, path) || value == null) {
      return null;
    }
    Matcher url = URL.matcher(SecretReferences.replaceEach(value, HIDDEN));
    if (!url.matches() || !schemes.contains(url.group(1))) {
      malformed(problems, path, schemes);
      return null;
    }
    String authority = url.group(2);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    String name = user.substring(0, Math.max(0, user.indexOf(':')));
    String rest = authority.substring(at + 1) + url.group(3) + orEmpty(url, 4) + orEmpty(url, 5);
    if (name.contains(HIDDEN) || rest.contains(HIDDEN)) {
      problems.add(
          path,
          "has a secret reference where none is allowed",
          "Use a reference only as the password, as in ://user:${env:NAME}@host.");
      return null;
    }
    if (!HOSTS.matcher(authority.substring(at + 1)).matches() || !isUri(url, schemes)) {
      malformed(problems, path, schemes);
      return null;
    }
    ports(problems, authority.substring(at + 1), path);
    if (at >= 0) {
      String password = user.substring(user.indexOf(':') + 1);
      problems.require(
          password.replace(HIDDEN, "").isEmpty() && !password.isEmpty(),
          path,
          "contains a literal password",
          Secrets.REMEDY);
    }
    problems.require(
        url.group(4) == null || !Secrets.assignsLiteral(url.group(4).substring(1)),
        path,
        "has a literal secret among its parameters",
        Secrets.REMEDY);
    return url;
  }

  private static String orEmpty(Matcher url, int group) {
    return url.group(group) == null ? "" : url.group(group);
  }

  private static boolean isUri(Matcher url, Set<String> schemes) {
    try {
      URI uri = new URI(url.group().replace(HIDDEN, "R"));
      return uri.getHost() != null || !schemes.equals(Schemes.HTTP);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void ports(Problems problems, String hosts, String path) {
    for (Matcher port = PORT.matcher(hosts); port.find(); ) {
      int number = Integer.parseInt(port.group(1));
      problems.require(
          number >= 1 && number <= HIGHEST_PORT,
          path,
          "has an invalid port",
          "Write a port from 1 to %d.".formatted(HIGHEST_PORT));
    }
  }

  private static void malformed(Problems problems, String path, Set<String> schemes) {
    String scheme = schemes.stream().sorted().findFirst().orElseThrow();
    problems.add(
        path,
        "is not a valid address",
        "Write one such as %s://host:port; a password must be a reference.".formatted(scheme));
  }

  /** Kafka's {@code host:port,host:port}. */
  static void bootstrapServers(Problems problems, @Nullable String value, String path) {
    if (!problems.text(value, path) || value == null || SecretReferences.isIn(value)) {
      return;
    }
    for (String server : value.split(",", -1)) {
      if (!BROKER.matcher(server.strip()).matches()) {
        problems.add(path, "is not a list of brokers", "Write host:port, separated by commas.");
        return;
      }
      ports(problems, server.strip(), path);
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
    if (url == null || !url.matches() || url.group(5) != null) {
      problems.add(path, "is not a JDBC URL of PostgreSQL", remedy);
      return;
    }
    String query = orEmpty(url, 4);
    if (url.group(2).contains("@")
        || value.contains("${")
        || query.matches("(?i).*[?&](user|\\w*password)=.*")) {
      problems.add(path, "contains credentials", "Use the settings 'user' and 'password' instead.");
      return;
    }
    boolean form =
        HOSTS.matcher(url.group(2)).matches()
            && url.group(3).length() > 1
            && url.group(3).indexOf('/', 1) < 0;
    problems.require(form, path, "does not name a host and a database", remedy);
    ports(problems, url.group(2), path);
    if (!query.isEmpty()) {
      for (Objection objection : JdbcParameters.objections(query.substring(1))) {
        problems.add(path, objection.problem(), objection.remedy());
      }
    }
  }
}

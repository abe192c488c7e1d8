package com.matih.tenantmigration.workflow.request.allowed;

import com.matih.tenantmigration.workflow.request.allowed.Setting.Choice;
import com.matih.tenantmigration.workflow.request.allowed.Setting.FilePath;
import com.matih.tenantmigration.workflow.request.allowed.Setting.Range;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters that a JDBC URL of a request may have: those that say how a connection is
 * protected and which host is asked. All others are refused, for among the driver's properties are
 * names of classes and files, and ways to change what a session does.
 */
public final class JdbcParameters {

  private static final Map<String, Setting> ALLOWED =
      new TreeMap<>(
          Map.of(
              "ssl", Choice.of("true", "false"),
              "sslmode",
                  Choice.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
              "sslrootcert", new FilePath(),
              "sslcert", new FilePath(),
              "sslkey", new FilePath(),
              "sslNegotiation", Choice.of("postgres", "direct"),
              "channelBinding", Choice.of("disable", "prefer", "require"),
              "targetServerType", Choice.of("any", "primary"),
              "connectTimeout", new Range(1, 60),
              "tcpKeepAlive", Choice.of("true", "false")));

  private JdbcParameters() {}

  /**
   * Everything that is wrong with a URL's parameters.
   *
   * @param query what stands behind the URL's question mark
   */
  public static List<Objection> objections(String query) {
    List<Objection> objections = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      Setting setting = ALLOWED.get(name);
      if (setting == null) {
        objections.add(
            new Objection(
                "sets %s, which is not allowed in a request".formatted(shown(name)),
                "Remove it. Allowed: %s.".formatted(String.join(", ", ALLOWED.keySet()))));
      } else if (seen.contains(name)) {
        objections.add(new Objection("sets %s twice".formatted(name), "Keep one of them."));
      } else {
        setting
            .objection(decoded(equals < 0 ? "true" : parameter.substring(equals + 1)))
            .map(
                why ->
                    new Objection("has a %s that %s".formatted(name, why.problem()), why.remedy()))
            .ifPresent(objections::add);
      }
      seen.add(name);
    }
    return objections;
  }

  /** The files that a URL's parameters name. */
  public static List<String> files(String query) {
    List<String> files = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0 && ALLOWED.get(parameter.substring(0, equals)) instanceof FilePath) {
        files.add(decoded(parameter.substring(equals + 1)));
      }
    }
    return files;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  /** A parameter's name is no secret, but what stands in its place may be anything. */
  private static String shown(String name) {
    return Optional.of(name)
        .filter(text -> text.matches("[A-Za-z][A-Za-z0-9_.-]{0,60}"))
        .orElse("something");
  }
}

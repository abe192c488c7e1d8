package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells whether two addresses lead to the same place, however each is written. */
final class SamePlace {

  private static final Pattern ADDRESS =
      Pattern.compile("(?:jdbc:)?([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?([^/?#@]*)([^?#]*).*");

  private static final Map<String, String> PORTS =
      Map.of("postgresql", "5432", "http", "80", "https", "443", "redis", "6379", "rediss", "6379");

  private SamePlace() {}

  /** Whether both addresses name a server and path in common. */
  static boolean same(@Nullable String one, @Nullable String other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    Matcher left = ADDRESS.matcher(SecretReferences.replaceEach(one, "R"));
    Matcher right = ADDRESS.matcher(SecretReferences.replaceEach(other, "R"));
    if (!left.matches() || !right.matches()) {
      return one.equals(other);
    }
    return path(left).equals(path(right)) && meet(servers(left), servers(right));
  }

  /** Whether both lists of brokers name one in common. */
  static boolean sameBrokers(@Nullable String one, @Nullable String other) {
    return one != null && other != null && meet(servers(one, ""), servers(other, ""));
  }

  /** The name of the database of a JDBC URL, decoded; empty where there is none. */
  static String database(@Nullable String url) {
    Matcher address = ADDRESS.matcher(url == null ? "" : url);
    return address.matches() ? path(address) : "";
  }

  private static boolean meet(Set<String> one, Set<String> other) {
    return !Collections.disjoint(one, other);
  }

  private static Set<String> servers(Matcher address) {
    return servers(
        address.group(2), PORTS.getOrDefault(address.group(1).toLowerCase(Locale.ROOT), ""));
  }

  private static Set<String> servers(String hosts, String defaultPort) {
    return Arrays.stream(hosts.toLowerCase(Locale.ROOT).split(","))
        .map(String::strip)
        .map(host -> host.matches(".*:\\d+") ? host : host + ":" + defaultPort)
        .collect(Collectors.toSet());
  }

  private static String path(Matcher address) {
    String path = address.group(3).replaceFirst("^/", "").replaceFirst("/$", "");
    try {
      return URLDecoder.decode(path, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }
}

package com.matih.tenantmigration.activities.tenantconfig;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The servers that an address names, as {@code host:port} in small letters, and what it names on
 * them: the database of PostgreSQL or Redis, nothing for a cluster.
 */
record ServerAddress(Set<String> servers, String object) {

  private static final String JDBC = "jdbc:postgresql:";
  private static final String POSTGRES_PORT = "5432";
  private static final Pattern URI = Pattern.compile("([a-z][a-z0-9+.-]*)://([^/?#]*)([^?#]*).*");

  /** Of a JDBC URL of PostgreSQL; one that is none names itself alone. */
  static ServerAddress ofDatabase(String url) {
    if (!url.startsWith(JDBC)) {
      return new ServerAddress(Set.of(), url);
    }
    String place = url.substring(JDBC.length()).replaceFirst("[?#].*", "");
    String servers = "localhost";
    String database = place;
    if (place.startsWith("//")) {
      int slash = place.indexOf('/', 2);
      servers = place.substring(2, slash < 0 ? place.length() : slash);
      database = slash < 0 ? "" : place.substring(slash + 1);
    }
    return new ServerAddress(servers(servers, POSTGRES_PORT), decoded(database));
  }

  /** Of a URL, a Redis' URI or Kafka's list of servers. */
  static ServerAddress of(String address) {
    Matcher uri = URI.matcher(PublicAddress.of(address.strip()));
    if (!uri.matches()) {
      return new ServerAddress(servers(address, ""), "");
    }
    String scheme = uri.group(1);
    if (scheme.startsWith("redis")) {
      String database = uri.group(3).replace("/", "");
      return new ServerAddress(servers(uri.group(2), "6379"), database.isEmpty() ? "0" : database);
    }
    return new ServerAddress(servers(uri.group(2), scheme.equals("https") ? "443" : "80"), "");
  }

  private static Set<String> servers(String list, String defaultPort) {
    return Arrays.stream(list.split(",", -1))
        .map(server -> server.strip().toLowerCase(Locale.ROOT))
        .map(server -> server.matches(".*:\\d+") ? server : server + ":" + defaultPort)
        .collect(Collectors.toSet());
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Whether both name the same on one server at least. */
  boolean overlaps(ServerAddress other) {
    if (!object.equals(other.object)) {
      return false;
    }
    Set<String> common = new HashSet<>(servers);
    common.retainAll(other.servers);
    return !common.isEmpty() || (servers.isEmpty() && other.servers.isEmpty());
  }

  /** The same, where names of hosts that lead to one machine count as one. */
  boolean overlapsByAddress(ServerAddress other) {
    return overlaps(other)
        || (object.equals(other.object)
            && new ServerAddress(resolved(), object)
                .overlaps(new ServerAddress(other.resolved(), object)));
  }

  private Set<String> resolved() {
    Set<String> addresses = new HashSet<>(servers);
    for (String server : servers) {
      int colon = server.lastIndexOf(':');
      try {
        for (InetAddress address : InetAddress.getAllByName(server.substring(0, colon))) {
          addresses.add(address.getHostAddress() + server.substring(colon));
        }
      } catch (UnknownHostException e) {
        // then its name alone tells
      }
    }
    return addresses;
  }
}

package com.matih.tenantmigration.activities.secrets;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from an address which hosts a client would connect to. */
final class AddressHosts {

  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*://(?:(?:\\$\\{[^}]*}|[^/?#])*@)?([^/?#]*).*",
          Pattern.DOTALL);

  private AddressHosts() {}

  /**
   * The hosts, without their ports.
   *
   * @param address a URL, of JDBC too, or a list of {@code host:port}
   */
  static List<String> of(String address) {
    Matcher url = AUTHORITY.matcher(address);
    String hosts = url.matches() ? url.group(1) : address;
    return Arrays.stream(hosts.split(","))
        .map(host -> host.strip().replaceFirst(":\\d+$", ""))
        .filter(host -> !host.isEmpty())
        .toList();
  }
}

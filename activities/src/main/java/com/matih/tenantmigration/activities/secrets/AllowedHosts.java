package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which hosts requests may name: by name, and by each address that the name has at the moment.
 *
 * <p>An entry is a host's name, {@code *.domain} for all hosts below a domain, an address, or a
 * network such as {@code 10.0.0.0/8}. What {@code deny} names is refused. So are link-local,
 * unspecified and multicast addresses and those where clouds tell a machine its credentials, unless
 * {@code allow} names them by address. Where {@code allow} names anything, nothing else is allowed.
 */
public record AllowedHosts(List<String> allow, List<String> deny) {

  /** What holds where the operator says nothing. */
  public static final AllowedHosts DEFAULT = new AllowedHosts(List.of(), List.of());

  private static final List<String> NEVER_BY_CHANCE =
      List.of(
          "169.254.0.0/16",
          "100.100.100.200",
          "192.0.0.192",
          "0.0.0.0/8",
          "255.255.255.255",
          "fe80::/10",
          "fd00:ec2::254",
          "fd20:ce::254",
          "::",
          "metadata.google.internal",
          "metadata.goog");

  public AllowedHosts {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /** Whether a list may hold it. */
  public static boolean isEntry(String entry) {
    return HostPattern.isValid(entry);
  }

  /**
   * Refuses a host that requests may not name. One whose name cannot be resolved is left to the
   * client, whose failure says so.
   *
   * @param host a name or an address, as in a URL
   * @throws MigrationException of type BAD_REQUEST
   */
  public void require(String host) {
    String name = plain(host);
    if (deny.stream().anyMatch(entry -> HostPattern.of(entry).fitsName(name))
        || NEVER_BY_CHANCE.stream().anyMatch(entry -> HostPattern.of(entry).fitsName(name))) {
      throw refused(host);
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(name)) {
        require(host, name, address);
      }
    } catch (UnknownHostException e) {
      // nothing can be asked there
    }
  }

  /**
   * Refuses an address, of whatever store, that names such a host.
   *
   * @throws MigrationException as {@link #require} does
   */
  public void requireAll(String address) {
    AddressHosts.of(address).forEach(this::require);
  }

  /**
   * The addresses of a host, all of which may be asked; for a client that lets us resolve names.
   *
   * @throws MigrationException as {@link #require} does
   */
  public InetAddress[] resolve(String host) throws UnknownHostException {
    require(host);
    InetAddress[] addresses = InetAddress.getAllByName(plain(host));
    Arrays.stream(addresses).forEach(address -> require(host, plain(host), address));
    return addresses;
  }

  private void require(String host, String name, InetAddress address) {
    boolean denied = deny.stream().anyMatch(entry -> HostPattern.of(entry).fitsAddress(address));
    boolean named = allow.stream().anyMatch(entry -> HostPattern.of(entry).fitsAddress(address));
    boolean dangerous =
        address.isMulticastAddress()
            || NEVER_BY_CHANCE.stream()
                .anyMatch(entry -> HostPattern.of(entry).fitsAddress(address));
    boolean allowed =
        named
            || allow.isEmpty()
            || allow.stream().anyMatch(entry -> HostPattern.of(entry).fitsName(name));
    if (denied || (dangerous && !named) || !allowed) {
      throw refused(host);
    }
  }

  private static String plain(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String bare = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private static MigrationException refused(String host) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The request names the host %s, which this worker does not allow. Name"
                + " another host, or change hosts.allow and hosts.deny in the worker's"
                + " configuration.")
            .formatted(host));
  }
}

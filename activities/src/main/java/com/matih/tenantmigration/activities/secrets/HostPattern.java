package com.matih.tenantmigration.activities.secrets;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/** One entry of a list of hosts: a name, a domain, an address or a network. */
sealed interface HostPattern {

  /** A host's name, or all names below a domain. */
  record Name(String pattern) implements HostPattern {
    @Override
    public boolean fitsName(String name) {
      return pattern.startsWith("*.") ? name.endsWith(pattern.substring(1)) : name.equals(pattern);
    }

    @Override
    public boolean fitsAddress(InetAddress address) {
      return false;
    }
  }

  /** The addresses that begin with the same bits. */
  record Network(InetAddress base, int bits) implements HostPattern {
    @Override
    public boolean fitsName(String name) {
      return false;
    }

    @Override
    public boolean fitsAddress(InetAddress address) {
      return begins(address.getAddress())
          || embedded(address).map(inner -> begins(inner.getAddress())).orElse(false);
    }

    private boolean begins(byte[] other) {
      byte[] own = base.getAddress();
      if (own.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 1 << (7 - bit % 8);
        if ((own[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Whether it is an entry of a known form. */
  static boolean isValid(String entry) {
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return parse(entry.substring(0, slash))
          .map(
              base ->
                  entry.substring(slash + 1).matches("\\d{1,3}")
                      && Integer.parseInt(entry.substring(slash + 1))
                          <= base.getAddress().length * 8)
          .orElse(false);
    }
    return parse(entry).isPresent()
        || entry.matches("(?:\\*\\.)?[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");
  }

  /** Reads an entry. */
  static HostPattern of(String entry) {
    int slash = entry.indexOf('/');
    Optional<InetAddress> address = parse(slash < 0 ? entry : entry.substring(0, slash));
    if (address.isEmpty()) {
      return new Name(entry.toLowerCase(Locale.ROOT));
    }
    int bits =
        slash < 0
            ? address.get().getAddress().length * 8
            : Integer.parseInt(entry.substring(slash + 1));
    return new Network(address.get(), bits);
  }

  /** An address that is written as one; no name is looked up. */
  private static Optional<InetAddress> parse(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The IPv4 address inside one of IPv6 that a gateway translates (64:ff9b::/96, 2002::/16). */
  private static Optional<InetAddress> embedded(InetAddress address) {
    byte[] all = address.getAddress();
    if (address instanceof Inet4Address || all.length != 16) {
      return Optional.empty();
    }
    boolean translated =
        all[0] == 0 && all[1] == 0x64 && all[2] == (byte) 0xff && all[3] == (byte) 0x9b;
    boolean tunnelled = all[0] == 0x20 && all[1] == 0x02;
    if (!translated && !tunnelled) {
      return Optional.empty();
    }
    int at = translated ? 12 : 2;
    try {
      return Optional.of(
          InetAddress.getByAddress(new byte[] {all[at], all[at + 1], all[at + 2], all[at + 3]}));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  boolean fitsName(String name);

  boolean fitsAddress(InetAddress address);
}

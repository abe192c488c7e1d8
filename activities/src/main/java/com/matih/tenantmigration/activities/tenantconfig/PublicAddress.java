package com.matih.tenantmigration.activities.tenantconfig;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address without what opens the door: no user, no password, no parameters that refer to one.
 */
final class PublicAddress {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}");

  private PublicAddress() {}

  /**
   * The address with user and password cut out, and without its parameters where one of them is a
   * secret reference. References elsewhere stay.
   */
  static String of(String address) {
    // a reference may hold any sign: it is covered while the address is taken apart
    String covered =
        REFERENCE.matcher(address).replaceAll(match -> "x".repeat(match.group().length()));
    int begin = covered.indexOf("://") + 3;
    if (begin < 3) {
      return address;
    }
    int end = endOfAuthority(covered, begin);
    int at = covered.lastIndexOf('@', end - 1);
    String stripped =
        at < begin ? address : address.substring(0, begin) + address.substring(at + 1);
    return withoutSecretParameters(stripped);
  }

  private static int endOfAuthority(String covered, int begin) {
    for (int i = begin; i < covered.length(); i++) {
      if ("/?#".indexOf(covered.charAt(i)) >= 0) {
        return i;
      }
    }
    return covered.length();
  }

  private static String withoutSecretParameters(String address) {
    int query = address.indexOf('?');
    if (query < 0) {
      return address;
    }
    Matcher reference = REFERENCE.matcher(address);
    return reference.find(query) ? address.substring(0, query) : address;
  }
}

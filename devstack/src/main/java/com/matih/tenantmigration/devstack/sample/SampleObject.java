package com.matih.tenantmigration.devstack.sample;

import java.util.List;
import java.util.Map;

/**
 * One object of a tenant, as the rows of {@code artifacts} know it.
 *
 * @param number from 1 on; the same that its row is made from
 */
record SampleObject(SampleTenant tenant, int number) {

  private static final List<String> ENDINGS = List.of(".json", ".csv", ".bin");
  private static final List<String> TYPES =
      List.of("application/json", "text/csv", "application/octet-stream");
  private static final int SMALLEST = 1_024;
  private static final int SIZES = 19_457;
  private static final int EVERY_TAGGED = 25;

  String key() {
    return tenant.objectPrefix() + "artifacts/%06d".formatted(number) + ENDINGS.get(number % 3);
  }

  String mediaType() {
    return TYPES.get(number % 3);
  }

  /** 1 to 20 KB; an even number and the next have the same size, and content of their own. */
  int size() {
    return SMALLEST + number / 2 * 7_919 % SIZES;
  }

  Map<String, String> userMetadata() {
    return Map.of(
        "owner", "user%d@%s.example".formatted(number, tenant.id()), "query", "" + number);
  }

  boolean tagged() {
    return number % EVERY_TAGGED == 0;
  }

  Map<String, String> tags() {
    return Map.of("team", "team " + number % 9, "kept", "long+term");
  }

  byte[] content(SampleSeed seed) {
    byte[] content = new byte[size()];
    seed.random(tenant, "object", number).nextBytes(content);
    return content;
  }
}

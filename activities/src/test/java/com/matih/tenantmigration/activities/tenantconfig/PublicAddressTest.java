package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicAddressTest {

  @ParameterizedTest
  @CsvSource({
    "redis://host:6379/0, redis://host:6379/0",
    "redis://:pw@host:6379/0, redis://host:6379/0",
    "redis://user:${env:X}@host, redis://host",
    "redis://:${file:/run/secrets/a@b}@host/1, redis://host/1",
    "https://elastic:${env:X}@es:9200/path?q=a@b, https://es:9200/path?q=a@b",
    "https://es:9200/?api_key=${env:X}, https://es:9200/",
    "https://${env:HOST}:9200, https://${env:HOST}:9200",
    "host:9092, host:9092",
  })
  void whatOpensTheDoorIsCutOutOfAnAddress(String address, String expected) {
    assertThat(PublicAddress.of(address)).isEqualTo(expected);
  }
}

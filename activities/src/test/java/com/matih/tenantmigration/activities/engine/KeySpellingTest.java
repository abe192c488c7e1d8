package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySpellingTest {

  @ParameterizedTest
  @CsvSource({
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11, true",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, a0eebc999c0b4ef8bb6d6bb9bd380a11, true",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, {a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}, true",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, false",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, false",
    "42, 0042, true",
    "42, 42.0, true",
    "42, 420, false",
    "acme, Acme, true",
    "acme, acme-2, false",
    "acme-corp, acmecorp, false",
    "acme, a\0c\0m\0e\0, true",
    "acme, \uFEFFacme, true",
    "acme, ａcme, true",
    "m\u00fcller, mu\u0308ller, true"
  })
  void theSameKeyWrittenDifferentlyIsTold(String key, String text, boolean another) {
    assertThat(KeySpelling.isAnother(key, text)).isEqualTo(another);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "acme:, ACME:7, true",
        "acme:, \"acme:7\", true",
        "acme:, \uFEFFacme:7, true",
        "acme:, acme:7, false",
        "acme:, acme2:7, false",
        "acme:, my-acme:7, false",
        "acme:, acme, false"
      })
  void theSameBeginningWrittenDifferentlyIsTold(String prefix, String text, boolean another) {
    assertThat(KeySpelling.isAnotherBeginning(prefix, text)).isEqualTo(another);
  }
}

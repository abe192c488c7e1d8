package com.matih.tenantmigration.worker.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for secrets finds one that is there. */
class SecretSearchTest {

  private static final String SECRET = "a \"secret\" \\ of/odd+characters%?&ü";

  private final SecretSearch search = new SecretSearch(SECRET);

  private List<String> in(String text) {
    return search.in(new String(text.getBytes(UTF_8), ISO_8859_1));
  }

  @Test
  void aSecretIsFoundInEachFormInWhichItMayBeRepeated() {
    assertThat(in("before " + SECRET + " behind"))
        .singleElement()
        .satisfies(found -> assertThat(found).startsWith("before a").endsWith("behind"));
    assertThat(in("http://u:" + URLEncoder.encode(SECRET, UTF_8) + "@h/")).hasSize(1);
    assertThat(in("{\"p\": \"a \\\"secret\\\" \\\\ of/odd+characters%?&ü\"}")).hasSize(1);
    assertThat(in("bytes=" + HexFormat.of().formatHex(SECRET.getBytes(UTF_8)))).hasSize(1);
    assertThat(in("a secret")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "use", "user:"})
  void aSecretIsFoundInBase64WhateverStandsBesideIt(String before) {
    for (String behind : new String[] {"", "@", "@h", "@host"}) {
      byte[] all = (before + SECRET + behind).getBytes(UTF_8);

      assertThat(in("Basic " + Base64.getEncoder().encodeToString(all))).isNotEmpty();
      assertThat(in("Basic " + Base64.getUrlEncoder().encodeToString(all))).isNotEmpty();
    }
  }
}

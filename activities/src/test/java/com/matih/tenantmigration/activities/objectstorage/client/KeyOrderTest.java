package com.matih.tenantmigration.activities.objectstorage.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyOrderTest {

  @Test
  void keysAreInTheOrderOfTheirBytes() {
    List<String> keys =
        List.of(
            "",
            "a",
            "a/",
            "a/b",
            "a0",
            "b",
            "ä",
            "\u07FF",
            "\uD7FF",
            "\uE000",
            "\uFFFD",
            "😀",
            "😀a",
            "😁",
            "\uD83D\uDE00\uFFFD",
            "A",
            " ",
            "~");
    for (String left : keys) {
      for (String right : keys) {
        assertThat(Integer.signum(KeyOrder.INSTANCE.compare(left, right)))
            .as("%s and %s", left, right)
            .isEqualTo(
                Integer.signum(
                    Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8))));
      }
    }
  }
}

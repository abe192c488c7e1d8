package com.matih.tenantmigration.activities.objectstorage.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchDeleteTest {

  @ParameterizedTest
  @ValueSource(strings = {"a/b", " a ", "grüße", "😀", "<&>\"'"})
  void ordinaryKeysTravelTogether(String key) {
    assertThat(BatchDelete.fitsXml(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\tb", "\u0001", "\u007f", "\u0085", "\u2028", "\uffff"})
  void keysThatXmlWouldChangeTravelAlone(String key) {
    assertThat(BatchDelete.fitsXml(key)).isFalse();
  }
}

package com.matih.tenantmigration.workflow.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "100, 100",
    "100b, 100",
    "-5MB, -5000000",
    "1KB, 1000",
    "1kb, 1000",
    "1KiB, 1024",
    "50MB, 50000000",
    "50 MiB, 52428800",
    "1.5GB, 1500000000",
    "1.3KiB, 1331",
    "2TiB, 2199023255552",
    "9223372036854, 9223372036854"
  })
  void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "MB", "fast", "5 apples", "1e6", "1.2345MB", "9999999999TB", "५MB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a number of bytes such as 50MB");
  }

  @Test
  void aSizeIsWrittenInTheShortestFormThatReadsBack() {
    assertThat(ByteSize.format(50_000_000)).isEqualTo("50MB");
    assertThat(ByteSize.format(52_428_800)).isEqualTo("50MiB");
    assertThat(ByteSize.format(1_234_567)).isEqualTo("1234567B");
    assertThat(ByteSize.format(0)).isEqualTo("0B");
  }
}

package com.matih.tenantmigration.activities.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartCompressionTest {

  private static final int LARGE = 3_000_000;

  @ParameterizedTest
  @EnumSource
  void whatWasCompressedIsReadAgain(PartCompression compression) throws IOException {
    for (byte[] content : new byte[][] {{}, {7}, rows(LARGE)}) {
      byte[] part = compress(compression, content);

      assertThat(read(compression, part)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource
  void repetitionsTakeLittleRoom(PartCompression compression) throws IOException {
    assertThat(compress(compression, rows(LARGE)).length).isLessThan(LARGE / 2);
  }

  @ParameterizedTest
  @EnumSource
  void aPartThatIsCutOffIsDamaged(PartCompression compression) throws IOException {
    byte[] part = compress(compression, rows(LARGE));

    IOException failure =
        catchThrowableOfType(
            IOException.class, () -> read(compression, Arrays.copyOf(part, part.length / 2)));

    assertThat(PartCompression.tellsDamage(failure)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aPartOfAnotherKindIsDamaged(PartCompression compression) {
    IOException failure =
        catchThrowableOfType(IOException.class, () -> read(compression, rows(1_000)));

    assertThat(PartCompression.tellsDamage(failure)).isTrue();
  }

  @Test
  void aStorageThatFailsIsNoDamage() {
    assertThat(PartCompression.tellsDamage(new IOException("no route to host"))).isFalse();
  }

  @Test
  void partsOfEarlierVersionsAreReadByGzip() {
    assertThat(PartCompression.of("rows/0001/0000000000.7.copy.gz"))
        .isEqualTo(PartCompression.GZIP);
  }

  @Test
  void newPartsAreCompressedByZstandardHere() {
    assertThat(PartCompression.ofNewParts()).isEqualTo(PartCompression.ZSTANDARD);
  }

  private static byte[] compress(PartCompression compression, byte[] content) throws IOException {
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    try (OutputStream output = compression.compress(part)) {
      output.write(content);
    }
    return part.toByteArray();
  }

  private static byte[] read(PartCompression compression, byte[] part) throws IOException {
    try (InputStream input =
        PartCompression.plain("part" + compression.suffix(), new ByteArrayInputStream(part))) {
      return input.readAllBytes();
    }
  }

  /** Numbers of few different bytes, as rows have them. */
  private static byte[] rows(int length) {
    Random random = new Random(1);
    byte[] rows = new byte[length];
    for (int i = 0; i < length; i++) {
      rows[i] = (byte) (i % 3 == 0 ? random.nextInt(8) : 'a');
    }
    return rows;
  }
}

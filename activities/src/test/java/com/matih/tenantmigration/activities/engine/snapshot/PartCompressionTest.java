package com.matih.tenantmigration.activities.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.workflow.MigrationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  /** The library is unpacked there first. */
  @Test
  void aMachineWhoseFolderForTemporaryFilesCannotBeUsedWritesByGzipAndSaysWhatItCannotRead(
      @TempDir Path folder) throws Exception {
    Path part = folder.resolve("0000000000.7.copy.zst");
    Files.write(part, compress(PartCompression.ZSTANDARD, rows(1_000)));
    Path told = folder.resolve("told");

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder.resolve("nowhere"),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                part.toString(),
                told.toString())
            .inheritIO()
            .start();

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readAllLines(told))
        .containsExactly(
            "GZIP",
            "TOOL_MISSING",
            "The snapshot is compressed by Zstandard, whose library cannot be loaded on this"
                + " machine. Let java.io.tmpdir name a folder with room in which programs may run.");
  }

  /** What a JVM on such a machine says. */
  static final class Elsewhere {

    private Elsewhere() {}

    public static void main(String[] arguments) throws IOException {
      List<String> told = new ArrayList<>();
      told.add(PartCompression.ofNewParts().name());
      try (InputStream part = Files.newInputStream(Path.of(arguments[0]));
          InputStream plain = PartCompression.plain(arguments[0], part)) {
        told.add("read %d bytes".formatted(plain.readAllBytes().length));
      } catch (MigrationException e) {
        told.add(e.type().name());
        told.add(String.valueOf(e.getMessage()));
      }
      Files.write(Path.of(arguments[1]), told);
    }
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

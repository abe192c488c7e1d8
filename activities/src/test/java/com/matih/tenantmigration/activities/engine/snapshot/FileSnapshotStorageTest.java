package com.matih.tenantmigration.activities.engine.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSnapshotStorageTest {

  @TempDir Path folder;

  @Test
  void aFileIsThereOnlyOnceItsStreamIsClosed() throws IOException {
    SnapshotStorage storage = storage();
    OutputStream output = storage.write("rows/1/a.gz");
    output.write("whole".getBytes(UTF_8));

    assertThat(storage.exists("rows/1/a.gz")).isFalse();
    output.close();

    assertThat(read(storage, "rows/1/a.gz")).isEqualTo("whole");
  }

  @Test
  void aSecondWriteTakesTheFirstOnesPlaceWhenItIsClosed() throws IOException {
    SnapshotStorage storage = storage();
    write(storage, "manifest.json", "first");
    OutputStream second = storage.write("manifest.json");
    second.write("second".getBytes(UTF_8));

    assertThat(read(storage, "manifest.json")).isEqualTo("first");
    second.close();
    assertThat(read(storage, "manifest.json")).isEqualTo("second");
  }

  @Test
  void anAbandonedFileLeavesNothing() throws IOException {
    SnapshotStorage storage = storage();
    OutputStream output = storage.write("part.gz");
    output.write(1);

    AbandonableOutput.abandon(output);
    output.close();

    assertThat(storage.exists("part.gz")).isFalse();
    assertThat(filesBelow(folder)).isEmpty();
  }

  @Test
  void onlyTheWorkersUserCanReadASnapshot() throws IOException {
    SnapshotStorage storage = storage();
    write(storage, "rows/1/a.gz", "secret");

    Path snapshot = Path.of(storage.location().substring("file:".length()));
    assertThat(Files.getPosixFilePermissions(snapshot.resolve("rows/1/a.gz")))
        .allMatch(permission -> permission.name().startsWith("OWNER"));
    assertThat(Files.getPosixFilePermissions(snapshot.resolve("rows")))
        .allMatch(permission -> permission.name().startsWith("OWNER"));
  }

  @Test
  void whatAFullDiskRefusesIsFinalAndWhatADiskMayRecoverFromIsNot() throws IOException {
    SnapshotStorage storage = storage();
    IOException full = failureOf(() -> Files.write(Path.of("/dev/full"), new byte[1]));

    assertThat(storage.typeOf(full, true)).isEqualTo(FailureType.STORE_BLOCKED);
    assertThat(storage.typeOf(full, false)).isEqualTo(FailureType.STORE_ERROR);
    assertThat(storage.typeOf(new IOException("Input/output error"), true))
        .isEqualTo(FailureType.STORE_ERROR);
    assertThat(storage.typeOf(new AccessDeniedException("/a"), true))
        .isEqualTo(FailureType.PERMISSION_DENIED);
    assertThat(storage.typeOf(new AccessDeniedException("/a"), false))
        .isEqualTo(FailureType.PERMISSION_DENIED);
  }

  /** {@code /sys} takes no files, not even of root. */
  @Test
  void aFolderThatTakesNoFilesEndsTheWriteForGoodAndIsNamed() {
    SnapshotStorage storage = FileSnapshotStorage.at("file:/sys/kernel/snapshots");

    assertThatThrownBy(() -> storage.write("rows/1/a.gz"))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type().retryable()).isFalse())
        .hasMessageContaining("/sys/kernel/snapshots/rows/1/a.gz")
        .hasMessageContaining("writable and has room");
  }

  private interface Writing {
    void run() throws IOException;
  }

  private static IOException failureOf(Writing write) {
    try {
      write.run();
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("the full disk took it");
  }

  @Test
  void aNameThatLeadsOutOfTheSnapshotIsRefused() {
    assertThatThrownBy(() -> storage().read("../../etc/passwd"))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONTENT_MISMATCH));
  }

  @Test
  void aMissingFileIsAFailureThatNamesIt() {
    assertThatThrownBy(() -> storage().read("schema.dump"))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("schema.dump");
  }

  @Test
  void aFolderThatCanBeMadeIsAcceptedAndNotMade() {
    Path absent = folder.resolve("not/yet/there");

    assertThat(FileSnapshotStorage.refusals("file:" + absent)).isEmpty();
    assertThat(folder.resolve("not")).doesNotExist();
  }

  @Test
  void aLocationThatIsNoAbsolutePathIsRefused() {
    for (String location : List.of("file:snapshots", "snapshots", "file:", "file:/")) {
      assertThat(FileSnapshotStorage.refusals(location))
          .as(location)
          .extracting(Refusal::store, Refusal::object)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("snapshot", location));
    }
  }

  @Test
  void aLocationBelowAFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(FileSnapshotStorage.refusals("file:" + file + "/snapshots"))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("is not a folder"));
  }

  private SnapshotStorage storage() {
    return FileSnapshotStorage.below("file:" + folder, "acme", "0123456789ab");
  }

  private static void write(SnapshotStorage storage, String name, String text) throws IOException {
    try (OutputStream output = storage.write(name)) {
      output.write(text.getBytes(UTF_8));
    }
  }

  private static String read(SnapshotStorage storage, String name) throws IOException {
    try (InputStream input = storage.read(name)) {
      return new String(input.readAllBytes(), UTF_8);
    }
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}

package com.matih.tenantmigration.activities.engine.snapshot;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot in a folder of a file system that all workers share, readable by the worker's user
 * alone.
 */
public final class FileSnapshotStorage implements SnapshotStorage {

  /** What a location of this kind begins with. */
  public static final String SCHEME = "file:";

  private final Path folder;

  private FileSnapshotStorage(Path folder) {
    this.folder = folder;
  }

  /**
   * The snapshot that lies, or will lie, right at the location.
   *
   * @param location {@code file:/absolute/path}; taken byte by byte, nothing in it is decoded
   * @throws MigrationException of type BAD_REQUEST for another form
   */
  public static FileSnapshotStorage at(String location) {
    return new FileSnapshotStorage(
        path(location)
            .orElseThrow(
                () ->
                    new MigrationException(
                        FailureType.BAD_REQUEST,
                        ("The snapshot location %s is not an absolute path. Write it"
                                + " as file:/a/path.")
                            .formatted(location))));
  }

  /** The snapshot's own folder below a location that many snapshots share. */
  static FileSnapshotStorage below(String location, String tenant, String migrationId) {
    return new FileSnapshotStorage(at(location).folder.resolve(tenant).resolve(migrationId));
  }

  /** What keeps snapshots from being written to the location; looks and leaves nothing behind. */
  public static List<Refusal> refusals(String location) {
    Optional<Path> path = path(location);
    if (path.isEmpty()) {
      return List.of(
          refusal(location, "It is not an absolute path.", "Write the location as file:/a/path."));
    }
    Path existing = path.get();
    while (!Files.exists(existing)) {
      Path parent = existing.getParent();
      if (parent == null) {
        return List.of(refusal(location, "Its root does not exist.", "Correct the location."));
      }
      existing = parent;
    }
    if (!Files.isDirectory(existing)) {
      return List.of(
          refusal(location, existing + " is not a folder.", "Name a folder, or remove the file."));
    }
    if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
      return List.of(
          refusal(
              location,
              "The worker cannot write to %s.".formatted(existing),
              "Grant the worker's user write access."));
    }
    return List.of();
  }

  private static Refusal refusal(String location, String reason, String remedy) {
    return new Refusal(StoreName.SNAPSHOT, location, reason, remedy);
  }

  private static Optional<Path> path(String location) {
    if (!location.startsWith(SCHEME)) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(location.substring(SCHEME.length()));
      return path.isAbsolute() && path.normalize().getNameCount() > 0
          ? Optional.of(path.normalize())
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Override
  public String location() {
    return SCHEME + folder;
  }

  @Override
  public OutputStream write(String name) {
    Path file = file(name);
    try {
      Path parent = parentOf(file);
      Files.createDirectories(parent, permissions("rwx------"));
      Path unfinished =
          Files.createTempFile(
              parent, "." + file.getFileName() + ".", ".part", permissions("rw-------"));
      return new AtomicFileOutput(unfinished, file);
    } catch (IOException e) {
      throw unusable("write", file, typeOf(e, true), e);
    }
  }

  @Override
  public InputStream read(String name) {
    Path file = file(name);
    try {
      return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    } catch (IOException e) {
      throw unusable("read", file, typeOf(e, false), e);
    }
  }

  @Override
  public boolean exists(String name) {
    return Files.isRegularFile(file(name));
  }

  @Override
  public FailureType typeOf(IOException e, boolean writing) {
    return writing ? FolderFailure.ofWrite(folder, e) : FolderFailure.ofRead(e);
  }

  private Path file(String name) {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          "The snapshot %s names a file outside of its folder. It was not written by a migration."
              .formatted(location()));
    }
    return file;
  }

  private static Path parentOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a file of a snapshot lies in a folder: " + file);
    }
    return parent;
  }

  private static FileAttribute<?>[] permissions(String posix) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))
        }
        : new FileAttribute<?>[0];
  }

  private static MigrationException unusable(
      String what, Path file, FailureType type, IOException e) {
    String why = " (%s)".formatted(e.getClass().getSimpleName().replace("Exception", ""));
    return new MigrationException(
        type,
        "The worker could not %s the snapshot's file %s%s. Check that the file system is mounted,"
                .formatted(what, file, why)
            + " writable and has room.",
        e);
  }
}

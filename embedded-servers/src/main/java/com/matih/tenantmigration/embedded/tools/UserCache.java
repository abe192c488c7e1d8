package com.matih.tenantmigration.embedded.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/**
 * Unpacked server programs, kept for this user between runs.
 *
 * <p>They lie in {@code $XDG_CACHE_HOME/tenant-migration}, by default {@code
 * ~/.cache/tenant-migration}; deleting that folder costs no more than unpacking again.
 */
final class UserCache {

  private UserCache() {}

  /** Fills a folder with a program's files. */
  @FunctionalInterface
  interface Unpacker {
    void unpackInto(Path folder) throws IOException;
  }

  /**
   * The folder of one program, unpacked now if it is not there.
   *
   * @param key names the program and its version
   */
  static Path folder(String key, Unpacker unpacker) {
    return folder(root(), key, unpacker);
  }

  static Path folder(Path root, String key, Unpacker unpacker) {
    Path target = root.resolve(key);
    if (Files.isDirectory(target)) {
      return target;
    }
    try {
      Files.createDirectories(root);
      Path unpacked = Files.createTempDirectory(root, key + ".unpacking-");
      try {
        unpacker.unpackInto(unpacked);
        moveInPlace(unpacked, target);
      } finally {
        delete(unpacked);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + key + " into " + root, e);
    }
  }

  /** Another process may have been faster; a folder that is there is whole, as it was moved. */
  private static void moveInPlace(Path unpacked, Path target) throws IOException {
    try {
      Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  /** Where a program lies that something else puts into the cache; it may not be there. */
  static Path place(String key) {
    return root().resolve(key);
  }

  private static Path root() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("tenant-migration");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

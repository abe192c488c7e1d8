package com.matih.tenantmigration.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that only this user may read, and that appears whole. */
final class PrivateFile {

  private PrivateFile() {}

  static void write(Path file, String text) {
    try {
      // the name that appears is the file's own; until then it is one that only we can read
      Path part = Files.createTempFile(file.toAbsolutePath().getParent(), ".devstack-", ".part");
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

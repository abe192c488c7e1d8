package com.matih.tenantmigration.worker.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place in which something was written, by the worker or about it.
 *
 * @param content what is there, one character a byte
 * @param known what is known to stand there in clear
 */
record Place(String name, String content, List<String> known) {

  static Place of(String name, String content, String... known) {
    return of(name, content.getBytes(UTF_8), known);
  }

  static Place of(String name, byte[] content, String... known) {
    return new Place(name, new String(content, ISO_8859_1), List.of(known));
  }

  /** All files of a folder, with their names. */
  static Place folder(String name, Path folder, String... known) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        all.writeBytes((file + "\n").getBytes(UTF_8));
        if (Files.isRegularFile(file)) {
          all.writeBytes(Files.readAllBytes(file));
        }
      }
    }
    return of(name, all.toByteArray(), known);
  }

  @Override
  public String toString() {
    return name;
  }
}

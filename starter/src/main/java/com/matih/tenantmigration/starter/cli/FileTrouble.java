package com.matih.tenantmigration.starter.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Says in a sentence what was wrong with a file, a folder or a connection. */
final class FileTrouble {

  private FileTrouble() {}

  /**
   * What could not be done, on what, and why.
   *
   * @param failure an {@link IOException} or an {@link UncheckedIOException}
   */
  static String told(Exception failure) {
    if (failure instanceof UncheckedIOException && failure.getCause() instanceof IOException why) {
      String attempted = Objects.requireNonNullElse(failure.getMessage(), "");
      // without words of its own it repeats its cause's
      return attempted.isEmpty() || attempted.equals(why.toString())
          ? ended(reason(why))
          : ended("%s: %s".formatted(capitalized(attempted), reason(why)));
    }
    return ended(reason(failure));
  }

  private static String reason(Exception failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    if (failure instanceof FileSystemException trouble) {
      if (trouble instanceof NoSuchFileException) {
        return trouble.getFile() + " does not exist";
      }
      if (trouble instanceof AccessDeniedException) {
        return trouble.getFile() + " may not be used by this user";
      }
      if (trouble instanceof FileAlreadyExistsException) {
        return trouble.getFile() + " already exists";
      }
      return message;
    }
    return message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String ended(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}

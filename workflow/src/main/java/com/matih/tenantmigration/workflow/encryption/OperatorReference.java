package com.matih.tenantmigration.workflow.encryption;

import com.matih.tenantmigration.workflow.input.SecretReferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A secret that an operator's own setting refers to, as {@code ${env:NAME}} or {@code
 * ${file:PATH}}.
 */
public final class OperatorReference {

  private OperatorReference() {}

  /**
   * The secret, without white space around it.
   *
   * @param setting the setting's name, for people
   * @throws PayloadEncryptionException where it is no single reference, or refers to nothing
   */
  public static String read(String setting, String reference, Map<String, String> environment) {
    if (!SecretReferences.of(reference).equals(List.of(reference))) {
      throw new PayloadEncryptionException(
          "%s contains a literal secret. Write a reference, ${env:NAME} or ${file:PATH}."
              .formatted(setting));
    }
    String name = reference.substring(reference.indexOf(':') + 1, reference.length() - 1);
    return reference.startsWith("${env:")
        ? variable(setting, name, environment)
        : file(setting, name);
  }

  private static String variable(String setting, String name, Map<String, String> environment) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new PayloadEncryptionException(
          "The variable %s, which %s refers to, is not set. Set it and start again."
              .formatted(name, setting));
    }
    return value.strip();
  }

  private static String file(String setting, String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException | InvalidPathException e) {
      throw new PayloadEncryptionException(
          "The file %s, which %s refers to, cannot be read. Name a text file that this process may read."
              .formatted(path, setting),
          e);
    }
  }
}

package com.matih.tenantmigration.activities.secrets;

import java.nio.file.Path;
import java.util.List;

/**
 * Which variables and which files a request may refer to.
 *
 * @param variables names of variables; one that ends in {@code *} stands for all that begin so
 * @param folders absolute paths of folders; files below them, at any depth
 */
public record AllowedReferences(List<String> variables, List<String> folders) {

  /** What holds where the operator says nothing. */
  public static final AllowedReferences DEFAULT =
      new AllowedReferences(
          List.of("TENANT_MIGRATION_SECRET_*"), List.of("/run/secrets/tenant-migration"));

  public AllowedReferences {
    variables = List.copyOf(variables);
    folders = List.copyOf(folders);
  }

  boolean allowsVariable(String name) {
    return variables.stream()
        .anyMatch(
            allowed ->
                allowed.endsWith("*")
                    ? name.startsWith(allowed.substring(0, allowed.length() - 1))
                    : name.equals(allowed));
  }

  /** Whether a path, as it is written and without a look at the disk, lies in a folder. */
  boolean allowsPath(Path file) {
    Path plain = file.normalize();
    return file.isAbsolute()
        && folders.stream().anyMatch(folder -> plain.startsWith(Path.of(folder).normalize()));
  }
}

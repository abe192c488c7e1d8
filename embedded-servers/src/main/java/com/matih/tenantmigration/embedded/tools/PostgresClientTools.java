package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's client programs on this machine, which the schema's way to the dedicated database
 * needs.
 *
 * @param folder where both lie
 * @param majorVersion their major version, such as 15
 */
public record PostgresClientTools(Path folder, int majorVersion) {

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  /**
   * Finds programs that are not older than a server: on the PATH, then in Debian's folders, newest
   * first. An older {@code pg_dump} refuses a newer server.
   *
   * @throws MissingToolException if there are none, or older ones alone
   */
  public static PostgresClientTools require(int serverMajorVersion) {
    List<PostgresClientTools> found = new ArrayList<>();
    for (Path folder : Programs.postgresFolders()) {
      Optional<PostgresClientTools> tools = in(folder);
      if (tools.isPresent() && tools.get().majorVersion >= serverMajorVersion) {
        return tools.get();
      }
      tools.ifPresent(found::add);
    }
    if (found.isEmpty()) {
      throw new MissingToolException(
          "pg_dump and pg_restore are not installed. Install the package postgresql-client.");
    }
    throw new MissingToolException(
        ("pg_dump in %s is of version %d and cannot read a server of version %d;"
                + " install the package postgresql-client-%d.")
            .formatted(
                found.get(0).folder,
                found.get(0).majorVersion,
                serverMajorVersion,
                serverMajorVersion));
  }

  /** Whether this machine has programs that are not older than a server. */
  public static boolean areThere(int serverMajorVersion) {
    return Programs.postgresFolders().stream()
        .flatMap(folder -> in(folder).stream())
        .anyMatch(tools -> tools.majorVersion >= serverMajorVersion);
  }

  /** The program that reads a schema. */
  public Path pgDump() {
    return folder.resolve("pg_dump");
  }

  /** The program that writes a schema. */
  public Path pgRestore() {
    return folder.resolve("pg_restore");
  }

  private static Optional<PostgresClientTools> in(Path folder) {
    Path dump = folder.resolve("pg_dump");
    if (!Files.isExecutable(dump) || !Files.isExecutable(folder.resolve("pg_restore"))) {
      return Optional.empty();
    }
    OptionalInt version = majorVersion(dump);
    return version.isPresent()
        ? Optional.of(new PostgresClientTools(folder, version.getAsInt()))
        : Optional.empty();
  }

  private static OptionalInt majorVersion(Path program) {
    try {
      Matcher matcher =
          VERSION.matcher(Programs.run(List.of(program.toString(), "--version")).output());
      return matcher.find()
          ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
          : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }
}

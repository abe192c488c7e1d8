package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;
import redis.embedded.model.OsArchitecture;

/** The redis-server program: the one that comes as a dependency, else the machine's own. */
public final class RedisBinary {

  private static final String PROGRAM = "redis-server";

  private RedisBinary() {}

  public static Path file() {
    Optional<Path> bundled = bundled().filter(RedisBinary::runs);
    return bundled
        .or(() -> Programs.onPath(PROGRAM))
        .orElseThrow(
            () ->
                new MissingToolException(
                    "redis-server is not installed, and the bundled one does not run here. Install"
                        + " the package redis-server."));
  }

  private static Optional<Path> bundled() {
    return bundledName()
        .map(
            name ->
                UserCache.folder(
                        name + "-" + ServerArtifacts.load().redisVersion(),
                        folder -> unpack(name, folder.resolve(PROGRAM)))
                    .resolve(PROGRAM));
  }

  private static Optional<String> bundledName() {
    try {
      return Optional.ofNullable(
              ExecutableProvider.newProvidedVersionsMap()
                  .get(OsArchitecture.detectOSandArchitecture()))
          .map(name -> name.startsWith("/") ? name.substring(1) : name);
    } catch (OsArchitectureNotFound | UnknownOSName e) {
      return Optional.empty();
    }
  }

  private static void unpack(String name, Path file) throws IOException {
    try (InputStream program = RedisBinary.class.getResourceAsStream("/" + name)) {
      if (program == null) {
        throw new IOException("the class path lacks " + name);
      }
      Files.copy(program, file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** It does not where a library is missing, such as OpenSSL 3. */
  private static boolean runs(Path program) {
    try {
      return Programs.run(List.of(program.toString(), "--version")).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

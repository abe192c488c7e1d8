package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The folder of PostgreSQL's server programs: the ones that come as a dependency, on another
 * platform than theirs the machine's own. Tests get more versions of them.
 */
public final class PostgresBinaries {

  private static final String BUNDLE = "/postgres-linux-x86_64.txz";

  private PostgresBinaries() {}

  /** A folder that holds {@code initdb} and {@code postgres}. */
  public static Path folder() {
    if (bundleFits()) {
      return UserCache.folder(
              "postgresql-" + ServerArtifacts.load().postgresVersion() + "-linux-x86_64",
              PostgresBinaries::unpack)
          .resolve("bin");
    }
    return Programs.postgresFolders().stream()
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .findFirst()
        .orElseThrow(
            () ->
                new MissingToolException(
                    "PostgreSQL's server programs are not installed, and none are bundled for "
                        + platform()
                        + "; install the package postgresql."));
  }

  /**
   * The same of another major version, which tests alone use: 13, 16 or 17.
   *
   * @throws MissingToolException on a platform for which there are none
   */
  public static Path folder(int major) {
    if (!haveOtherVersions()) {
      throw new MissingToolException(
          "PostgreSQL's server programs of version %d are not bundled for %s."
              .formatted(major, platform()));
    }
    ServerArtifacts artifacts = ServerArtifacts.load();
    return UserCache.folder(
            "postgresql-" + artifacts.postgresVersion(major) + "-linux-x86_64",
            folder -> unpack(artifacts.postgresJar(major), folder))
        .resolve("bin");
  }

  /** Whether {@link #folder(int)} has an answer on this machine. */
  public static boolean haveOtherVersions() {
    return platformFits();
  }

  private static boolean bundleFits() {
    return platformFits() && PostgresBinaries.class.getResource(BUNDLE) != null;
  }

  private static boolean platformFits() {
    return platform().equals("linux amd64") && !Files.exists(Path.of("/etc/alpine-release"));
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return system + " " + System.getProperty("os.arch");
  }

  private static void unpack(Path folder) throws IOException {
    try (InputStream bundle = PostgresBinaries.class.getResourceAsStream(BUNDLE)) {
      unpack(bundle, folder);
    }
  }

  private static void unpack(Path jar, Path folder) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile());
        InputStream bundle = file.getInputStream(file.getEntry(BUNDLE.substring(1)))) {
      unpack(bundle, folder);
    }
  }

  private static void unpack(InputStream bundle, Path folder) throws IOException {
    try (InputStream plain = new XZCompressorInputStream(new BufferedInputStream(bundle));
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (Optional<TarArchiveEntry> entry = next(tar); entry.isPresent(); entry = next(tar)) {
        unpack(tar, entry.get(), folder);
      }
    }
  }

  private static Optional<TarArchiveEntry> next(TarArchiveInputStream tar) throws IOException {
    return Optional.ofNullable(tar.getNextEntry());
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path file = folder.resolve(entry.getName()).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("the archive names a file outside of it: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file);
    if ((entry.getMode() & 0100) != 0) {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(file, permissions);
    }
  }
}

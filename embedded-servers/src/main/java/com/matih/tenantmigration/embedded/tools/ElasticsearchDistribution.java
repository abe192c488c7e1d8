package com.matih.tenantmigration.embedded.tools;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The unpacked parts of the Elasticsearch distribution that a plain node needs. */
public final class ElasticsearchDistribution {

  private ElasticsearchDistribution() {}

  public static Path folder() {
    ServerArtifacts artifacts = ServerArtifacts.load();
    return UserCache.folder(
        "elasticsearch-" + artifacts.elasticsearchVersion(),
        folder -> unpack(artifacts.elasticsearchZip(), folder));
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      for (Optional<ZipEntry> entry = next(zip); entry.isPresent(); entry = next(zip)) {
        if (!entry.get().isDirectory()) {
          unpack(zip, entry.get(), folder);
        }
      }
    }
  }

  private static Optional<ZipEntry> next(ZipInputStream zip) throws IOException {
    return Optional.ofNullable(zip.getNextEntry());
  }

  private static void unpack(ZipInputStream zip, ZipEntry entry, Path folder) throws IOException {
    String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
    if (!isNeeded(name)) {
      return;
    }
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("the archive names a file outside of it: " + entry.getName());
    }
    Files.createDirectories(file.resolveSibling("."));
    Files.copy(zip, file);
  }

  /** The other modules bring TLS, which they switch on by themselves, and a longer start. */
  private static boolean isNeeded(String name) {
    return (name.startsWith("lib/") && !name.startsWith("lib/tools/"))
        || name.startsWith("modules/transport-netty4/");
  }
}

package com.matih.tenantmigration.embedded.tools;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The unpacked parts of the Elasticsearch distribution that a plain node needs. */
public final class ElasticsearchDistribution {

  private ElasticsearchDistribution() {}

  /** Without security. */
  public static Path folder() {
    return folder("", List.of("transport-netty4"));
  }

  /** With users, roles, API keys and TLS. */
  public static Path securedFolder() {
    return folder("-secured", List.of("transport-netty4", "x-pack-core", "x-pack-security"));
  }

  private static Path folder(String kind, List<String> modules) {
    ServerArtifacts artifacts = ServerArtifacts.load();
    return UserCache.folder(
        "elasticsearch-" + artifacts.elasticsearchVersion() + kind,
        folder -> unpack(artifacts.elasticsearchZip(), modules, folder));
  }

  private static void unpack(Path archive, List<String> modules, Path folder) throws IOException {
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      for (Optional<ZipEntry> entry = next(zip); entry.isPresent(); entry = next(zip)) {
        if (!entry.get().isDirectory()) {
          unpack(zip, entry.get(), modules, folder);
        }
      }
    }
  }

  private static Optional<ZipEntry> next(ZipInputStream zip) throws IOException {
    return Optional.ofNullable(zip.getNextEntry());
  }

  private static void unpack(ZipInputStream zip, ZipEntry entry, List<String> modules, Path folder)
      throws IOException {
    String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
    if (!isNeeded(name, modules)) {
      return;
    }
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new IOException("the archive names a file outside of it: " + entry.getName());
    }
    Files.createDirectories(file.resolveSibling("."));
    Files.copy(zip, file);
  }

  /** Other modules make the start longer, and security switches TLS on by itself. */
  private static boolean isNeeded(String name, List<String> modules) {
    return (name.startsWith("lib/") && !name.startsWith("lib/tools/"))
        || modules.stream().anyMatch(module -> name.startsWith("modules/" + module + "/"));
  }
}

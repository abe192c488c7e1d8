package com.matih.tenantmigration.embedded.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** What the build knows about the servers: their versions and where it put their files. */
public final class ServerArtifacts {

  private static final String RESOURCE = "servers.properties";

  /** Where the build puts the servers' files. A path of its own machine would be in the jar. */
  private static final Path FOLDER = Path.of("embedded-servers", "target", "servers");

  private final Properties properties;

  private ServerArtifacts(Properties properties) {
    this.properties = properties;
  }

  public static ServerArtifacts load() {
    Properties properties = new Properties();
    try (InputStream resource = ServerArtifacts.class.getResourceAsStream(RESOURCE)) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return new ServerArtifacts(properties);
  }

  String postgresVersion() {
    return value("postgres.version");
  }

  /** The version that the build put beside, of a major version that tests alone use. */
  String postgresVersion(int major) {
    return value("postgres-%d.version".formatted(major));
  }

  /** The file that has its programs. */
  Path postgresJar(int major) {
    return file("postgres-%d.jar".formatted(major));
  }

  String redisVersion() {
    return value("redis.version");
  }

  String elasticsearchVersion() {
    return value("elasticsearch.version");
  }

  String temporalVersion() {
    return value("temporal.version");
  }

  String tctlVersion() {
    return value("tctl.version");
  }

  Path elasticsearchZip() {
    return file("elasticsearch.zip");
  }

  String s3mockVersion() {
    return value("s3mock.version");
  }

  Path s3mockJar() {
    return file("s3mock.jar");
  }

  /** A file in the folder of the build that this class comes from. */
  private Path file(String key) {
    Path inFolder = FOLDER.resolve(value(key));
    Path start = Path.of(location());
    for (Path above = start; above != null; above = above.getParent()) {
      Path file = above.resolve(inFolder);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new MissingToolException(
        "%s, which the build puts there, is in no folder above %s; build the module embedded-servers again."
            .formatted(inFolder, start));
  }

  /** Where the classes or the jar of this module are. */
  private static URI location() {
    try {
      return ServerArtifacts.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private String value(String key) {
    return Optional.ofNullable(properties.getProperty(key))
        .orElseThrow(() -> new IllegalStateException(RESOURCE + " lacks " + key));
  }
}

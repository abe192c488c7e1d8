package com.matih.tenantmigration.embedded.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** What the build knows about the servers: their versions and where it put their files. */
public final class ServerArtifacts {

  private static final String RESOURCE = "servers.properties";

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

  private Path file(String key) {
    Path file = Path.of(value(key));
    if (!Files.isRegularFile(file)) {
      throw new MissingToolException(
          file + " is gone, which the build put there; build the module embedded-servers again.");
    }
    return file;
  }

  private String value(String key) {
    return Optional.ofNullable(properties.getProperty(key))
        .orElseThrow(() -> new IllegalStateException(RESOURCE + " lacks " + key));
  }
}

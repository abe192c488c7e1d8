package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.JvmCommand;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.Http;
import com.matih.tenantmigration.embedded.tools.S3MockDistribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An object store that speaks S3 over plain HTTP, addressed by path: S3Mock.
 *
 * <p>What it gets wrong: it accepts any credentials, answers 400 to {@code //} and a backslash in
 * keys, does not URL-decode {@code x-amz-tagging} (PutObjectTagging is right), ignores the content
 * type of a CopyObject with REPLACE, and returns no SHA-256 from CopyObject.
 */
public final class S3Server extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int HEAP_MEGABYTES = 256;
  private static final String MAIN = "com.adobe.testing.s3mock.S3MockApplication";

  private S3Server(ServerProcess process) {
    super(process);
  }

  /**
   * Starts an empty store.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   */
  public static S3Server start(ServerFolder folder, String name) {
    Path jar = S3MockDistribution.jar();
    Path data = folder.dataOf(name);
    Path store = createStore(data);
    return new S3Server(
        ServerProcess.start(
            folder,
            name,
            2,
            ports ->
                new Launch(
                        JvmCommand.of(
                            data,
                            HEAP_MEGABYTES,
                            List.of(),
                            MAIN,
                            List.of(
                                "--server.address=" + HOST,
                                "--http.port=" + ports.get(0),
                                "--server.port=" + ports.get(1),
                                "--com.adobe.testing.s3mock.store.root=" + store,
                                "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
                                "--spring.main.banner-mode=off")),
                        JvmCommand.withJars(List.of(jar)),
                        () -> Http.answers("http://%s:%d/".formatted(HOST, ports.get(0))),
                        PATIENCE)
                    .steppingBack()));
  }

  /** The endpoint's URL; clients must address buckets by path. */
  public String endpoint() {
    return "http://%s:%d".formatted(HOST, port(0));
  }

  /** A key id; any other is accepted as well. */
  public String accessKey() {
    return "embedded-access-key";
  }

  /** The secret to go with {@link #accessKey()}; any other is accepted as well. */
  public String secretKey() {
    return "embedded-secret-key";
  }

  private static Path createStore(Path data) {
    try {
      return Files.createDirectory(data.resolve("store"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a folder in " + data, e);
    }
  }
}

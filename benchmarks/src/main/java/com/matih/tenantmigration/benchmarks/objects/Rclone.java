package com.matih.tenantmigration.benchmarks.objects;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.stores.StoreBench;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Contender;
import com.matih.tenantmigration.benchmarks.stores.StoreBench.Step;
import com.matih.tenantmigration.embedded.S3Server;
import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@code rclone copy} with metadata, and {@code rclone check --download}, which reads every object
 * on both sides as our checks do. The bytes pass the client, as between two servers they have to.
 */
final class Rclone implements Contender {

  static final String NAME = "rclone";

  private final Path program;
  private final S3Server shared;
  private final S3Server dedicated;
  private final S3Client client;
  private final Path log;

  private Rclone(Path program, S3Server shared, S3Server dedicated, S3Client client, Path log) {
    this.program = program;
    this.shared = shared;
    this.dedicated = dedicated;
    this.client = client;
    this.log = log;
  }

  /**
   * The machine's own; empty where it has none.
   *
   * @param client of the dedicated server
   * @param log for what it prints
   */
  static Optional<Contender> find(S3Server shared, S3Server dedicated, S3Client client, Path log) {
    return Programs.onPath(NAME)
        .map(program -> new Rclone(program, shared, dedicated, client, log));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Step> steps(String target) {
    client.createBucket(request -> request.bucket(target));
    return List.of(
        new Step(
            NAME,
            false,
            () -> run(target, "copy", "--metadata", "--transfers=" + ObjectsBench.CONCURRENCY)),
        new Step(StoreBench.checksOf(NAME), false, () -> run(target, "check", "--download")));
  }

  private void run(String target, String command, String... options)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.command().addAll(List.of(options));
    builder
        .command()
        .addAll(
            List.of(
                "--checkers=" + ObjectsBench.CONCURRENCY,
                "--s3-no-check-bucket",
                "shared:%s/%s".formatted(ObjectsBench.SHARED_BUCKET, ObjectsBench.PREFIX),
                "dedicated:" + target));
    // the client library reads settings of these names, such as a bundle of certificates
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("RCLONE_CONFIG", "/dev/null");
    builder.environment().putAll(remote("shared", shared));
    builder.environment().putAll(remote("dedicated", dedicated));
    Process process = builder.start();
    try {
      if (process.waitFor() != 0) {
        throw new BenchmarkException(
            "rclone %s ended with status %d; %s says why."
                .formatted(command, process.exitValue(), log));
      }
    } finally {
      process.destroy();
    }
  }

  private static Map<String, String> remote(String name, S3Server server) {
    String prefix = "RCLONE_CONFIG_" + name.toUpperCase(Locale.ROOT) + "_";
    return Map.of(
        prefix + "TYPE",
        "s3",
        prefix + "PROVIDER",
        "Other",
        prefix + "ENDPOINT",
        server.endpoint(),
        prefix + "REGION",
        ObjectsBench.REGION,
        prefix + "ACCESS_KEY_ID",
        server.accessKey(),
        prefix + "SECRET_ACCESS_KEY",
        server.secretKey());
  }
}

package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.Guarded;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.Http;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.embedded.tools.PrometheusTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A Prometheus that scrapes one target every second and evaluates rules as often. */
public final class PrometheusServer extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PrometheusServer(ServerProcess process) {
    super(process);
  }

  /**
   * Starts a server.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @param job the job that the target's series are labelled with
   * @param target where {@code /metrics} is served
   * @param rules a file of alert rules
   * @throws ServerStartException if it does not come up
   * @throws MissingToolException if this machine does not have it
   */
  public static PrometheusServer start(
      ServerFolder folder, String name, String job, URI target, Path rules) {
    Path program = PrometheusTools.server();
    Path data = folder.dataOf(name);
    Path configuration = write(data, job, target, rules);
    ServerProcess process =
        ServerProcess.start(
            folder,
            name,
            1,
            ports ->
                new Launch(
                    Guarded.command("TERM", command(program, data, configuration, ports.get(0))),
                    Map.of(),
                    () -> Http.answers("http://%s:%d/-/ready".formatted(HOST, ports.get(0))),
                    PATIENCE));
    return new PrometheusServer(process);
  }

  /** Where it answers: {@code http://host:port}. */
  public URI address() {
    return URI.create("http://%s:%d".formatted(HOST, port(0)));
  }

  private static Path write(Path data, String job, URI target, Path rules) {
    Path file = data.resolve("prometheus.yml");
    try {
      Files.writeString(
          file,
          """
          global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
          rule_files: ["%s"]
          scrape_configs:
            - job_name: %s
              static_configs: [{targets: ["%s"]}]
          """
              .formatted(rules.toAbsolutePath().normalize(), job, target.getAuthority()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return file;
  }

  private static List<String> command(Path program, Path data, Path configuration, int port) {
    return List.of(
        program.toString(),
        "--config.file=" + configuration,
        "--storage.tsdb.path=" + data.resolve("tsdb"),
        "--web.listen-address=%s:%d".formatted(HOST, port),
        "--log.level=warn");
  }
}

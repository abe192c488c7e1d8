package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.child.ElasticsearchMain;
import com.matih.tenantmigration.embedded.process.JvmCommand;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.ElasticsearchDistribution;
import com.matih.tenantmigration.embedded.tools.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Elasticsearch as a single node over plain HTTP without security.
 *
 * <p>It has indices, aliases, bulk, point-in-time, slices and aggregations. It lacks what other
 * modules bring: {@code _reindex}, {@code _update_by_query} and {@code _delete_by_query}, painless,
 * ingest processors, language analyzers, and the field types join, scaled_float, wildcard and
 * constant_keyword. {@code GET /} answers 405, so a client's {@code info()} and {@code ping()}
 * fail; ask {@code cluster().health()} instead.
 */
public final class ElasticsearchServer extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int HEAP_MEGABYTES = 256;

  private ElasticsearchServer(ServerProcess process) {
    super(process);
  }

  /**
   * Starts an empty node.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   */
  public static ElasticsearchServer start(ServerFolder folder, String name) {
    return start(folder, name, HEAP_MEGABYTES);
  }

  /** The same with a heap of so many megabytes, for a node that many use at a time. */
  public static ElasticsearchServer start(ServerFolder folder, String name, int heapMegabytes) {
    Path home = ElasticsearchDistribution.folder();
    Path data = folder.dataOf(name);
    Path ready = data.resolve("ready");
    return new ElasticsearchServer(
        ServerProcess.start(
            folder,
            name,
            2,
            ports -> {
              Path configuration = configure(home, data, name, ports.get(0), ports.get(1));
              return new Launch(
                      JvmCommand.of(
                          data,
                          heapMegabytes,
                          List.of(
                              "-Des.path.home=" + home,
                              "-Des.path.conf=" + configuration,
                              "-Des.distribution.type=zip",
                              "-Djava.locale.providers=SPI,COMPAT",
                              "--module-path=" + home.resolve("lib"),
                              "--add-modules=jdk.net,jdk.management.agent,ALL-MODULE-PATH"),
                          ElasticsearchMain.class.getName(),
                          List.of(configuration.toString(), name, withoutMark(ready).toString())),
                      JvmCommand.withJars(List.of()),
                      () -> Files.exists(ready) && isHealthy(ports.get(0)),
                      PATIENCE)
                  .steppingBack();
            }));
  }

  /** The URL of its HTTP interface. */
  public String url() {
    return "http://%s:%d".formatted(HOST, port(0));
  }

  private static boolean isHealthy(int port) {
    return Http.answers(
        "http://%s:%d/_cluster/health?wait_for_status=yellow&timeout=1s".formatted(HOST, port));
  }

  private static Path configure(
      Path home, Path data, String name, int httpPort, int transportPort) {
    try {
      Path configuration = Files.createDirectories(data.resolve("config"));
      Files.write(
          configuration.resolve("elasticsearch.yml"),
          List.of(
              "cluster.name: " + name,
              "discovery.type: single-node",
              "network.host: " + HOST,
              "http.port: " + httpPort,
              "transport.port: " + transportPort,
              "path.home: " + home,
              "path.data: " + data.resolve("data"),
              "path.logs: " + data.resolve("logs"),
              "cluster.routing.allocation.disk.threshold_enabled: false",
              "node.processors: 2"));
      Files.write(
          configuration.resolve("log4j2.properties"),
          List.of(
              "status = error",
              "appender.console.type = Console",
              "appender.console.name = console",
              "appender.console.layout.type = PatternLayout",
              "appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}][%node_name]%marker %m%n",
              "rootLogger.level = info",
              "rootLogger.appenderRef.console.ref = console"));
      return configuration;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot configure Elasticsearch in " + data, e);
    }
  }
}

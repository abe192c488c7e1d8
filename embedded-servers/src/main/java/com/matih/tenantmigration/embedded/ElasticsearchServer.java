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
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Elasticsearch as a single node, over plain HTTP without security where nothing else is said.
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
  private static final int SECURED_HEAP_MEGABYTES = 384;

  /** A superuser of a secured node. */
  public static final String ADMINISTRATOR = "administrator";

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
    return start(
        folder,
        name,
        heapMegabytes,
        ElasticsearchDistribution.folder(),
        configuration -> List.of(),
        ElasticsearchServer::isHealthy);
  }

  /**
   * Starts an empty node that speaks TLS and knows users. It has no module that could keep an index
   * of them, so there are those of its files alone, and no API keys.
   *
   * @param certificate its own, with those of the CA, as PEM
   * @param key its key, as PEM
   * @param roles by name, as JSON; each has one user of its name
   * @param password of all users, and of the administrator
   */
  public static ElasticsearchServer startSecured(
      ServerFolder folder,
      String name,
      Path certificate,
      Path key,
      Map<String, String> roles,
      String password) {
    return start(
        folder,
        name,
        SECURED_HEAP_MEGABYTES,
        ElasticsearchDistribution.securedFolder(),
        configuration -> {
          // a node reads no files but those in its folder
          Files.copy(certificate, configuration.resolve("http.pem"));
          Files.copy(key, configuration.resolve("http-key.pem"));
          writeUsers(configuration, roles, password);
          return List.of(
              "xpack.security.enabled: true",
              "xpack.security.http.ssl.enabled: true",
              "xpack.security.http.ssl.certificate: http.pem",
              "xpack.security.http.ssl.key: http-key.pem",
              "xpack.security.transport.ssl.enabled: false");
        },
        port -> true);
  }

  private static void writeUsers(Path configuration, Map<String, String> roles, String password)
      throws IOException {
    List<String> users = new ArrayList<>(List.of(ADMINISTRATOR + ":" + hash(password)));
    List<String> theirRoles = new ArrayList<>(List.of("superuser:" + ADMINISTRATOR));
    List<String> privileges = new ArrayList<>();
    roles.forEach(
        (name, role) -> {
          users.add(name + ":" + hash(password));
          theirRoles.add("role%d:%s".formatted(privileges.size(), name));
          privileges.add("role%d: %s".formatted(privileges.size(), role));
        });
    Files.write(configuration.resolve("users"), users);
    Files.write(configuration.resolve("users_roles"), theirRoles);
    Files.write(configuration.resolve("roles.yml"), privileges);
  }

  /** As the node's own tools write it. */
  private static String hash(String password) {
    byte[] salt = new byte[32];
    try {
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2withHMACSHA512")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 10_000, 256))
              .getEncoded();
      Base64.Encoder text = Base64.getEncoder();
      return "{PBKDF2}10000$%s$%s".formatted(text.encodeToString(salt), text.encodeToString(hash));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot derive keys", e);
    }
  }

  /** Further settings, for which files may be put into the node's folder. */
  private interface Settings {
    List<String> in(Path configuration) throws IOException;
  }

  private static ElasticsearchServer start(
      ServerFolder folder,
      String name,
      int heapMegabytes,
      Path home,
      Settings settings,
      IntPredicate isHealthy) {
    Path data = folder.dataOf(name);
    Path ready = data.resolve("ready");
    return new ElasticsearchServer(
        ServerProcess.start(
            folder,
            name,
            2,
            ports -> {
              Path configuration = configure(home, data, name, ports, settings);
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
                      () -> Files.exists(ready) && isHealthy.test(ports.get(0)),
                      PATIENCE)
                  .steppingBack();
            }));
  }

  /** The URL of its HTTP interface, where it has no TLS. */
  public String url() {
    return "http://%s:%d".formatted(HOST, port(0));
  }

  /** The same where it has. */
  public String securedUrl() {
    return "https://%s:%d".formatted(HOST, port(0));
  }

  private static boolean isHealthy(int port) {
    return Http.answers(
        "http://%s:%d/_cluster/health?wait_for_status=yellow&timeout=1s".formatted(HOST, port));
  }

  private static Path configure(
      Path home, Path data, String name, List<Integer> ports, Settings settings) {
    try {
      Path configuration = Files.createDirectories(data.resolve("config"));
      List<String> all =
          new ArrayList<>(
              List.of(
                  "cluster.name: " + name,
                  "discovery.type: single-node",
                  "network.host: " + HOST,
                  "http.port: " + ports.get(0),
                  "transport.port: " + ports.get(1),
                  "path.home: " + home,
                  "path.data: " + data.resolve("data"),
                  "path.logs: " + data.resolve("logs"),
                  "cluster.routing.allocation.disk.threshold_enabled: false",
                  "node.processors: 2"));
      all.addAll(settings.in(configuration));
      Files.write(configuration.resolve("elasticsearch.yml"), all);
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

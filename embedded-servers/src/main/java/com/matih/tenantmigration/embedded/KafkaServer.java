package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.child.KafkaMain;
import com.matih.tenantmigration.embedded.process.JvmCommand;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Kafka as a single KRaft node, broker and controller in one, with transactions and compaction.
 *
 * <p>Topics are not created by being used. Retention and compaction look for work every few
 * seconds, so that their effects show within a test's time.
 */
public final class KafkaServer extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int HEAP_MEGABYTES = 256;
  private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";
  private static final String LISTENERS = "listeners";
  private static final String ADVERTISED = "advertised.listeners";
  private static final String PROTOCOLS = "listener.security.protocol.map";

  /** What each listener adds to. */
  private static final Set<String> LISTS = Set.of(LISTENERS, ADVERTISED, PROTOCOLS);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", "1"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry(PROTOCOLS, "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          Map.entry("inter.broker.listener.name", "CLIENT"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "4"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.min.session.timeout.ms", "1000"),
          Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
          Map.entry("log.cleaner.backoff.ms", "1000"),
          Map.entry("log.initial.task.delay.ms", "1000"),
          Map.entry("log.retention.check.interval.ms", "3000"));

  private KafkaServer(ServerProcess process) {
    super(process);
  }

  /**
   * Formats a new cluster and starts its broker.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   */
  public static KafkaServer start(ServerFolder folder, String name) {
    return start(folder, name, Map.of());
  }

  /**
   * The same with other settings of the broker.
   *
   * @param settings by their names in {@code server.properties}
   */
  public static KafkaServer start(ServerFolder folder, String name, Map<String, String> settings) {
    return startWith(folder, name, 0, ports -> settings);
  }

  /**
   * Starts a broker that can be reached through proxies. Clients go to the address that a broker
   * itself gives them, so each proxy stands before a listener of its own, which gives its address.
   *
   * @param proxies how many there are
   * @param before makes the proxies before the given ports, and answers their own, in that order
   */
  public static KafkaServer start(
      ServerFolder folder, String name, int proxies, UnaryOperator<List<Integer>> before) {
    return startWith(folder, name, proxies, ports -> proxied(ports, before.apply(ports)));
  }

  /**
   * Starts a broker that lets who logs in at {@link #guardedBootstrapServers()}, by SCRAM over TLS,
   * do what an ACL allows, and anybody at {@link #bootstrapServers()} everything.
   *
   * @param keyStore its key and certificate, as PKCS12
   */
  public static KafkaServer startGuarded(
      ServerFolder folder, String name, Path keyStore, String password) {
    return startWith(folder, name, 1, ports -> guarded(ports.get(0), keyStore, password));
  }

  private static KafkaServer startWith(
      ServerFolder folder,
      String name,
      int listeners,
      Function<List<Integer>, Map<String, String>> more) {
    Path data = folder.dataOf(name);
    Path ready = data.resolve("ready");
    return new KafkaServer(
        ServerProcess.start(
            folder,
            name,
            2 + listeners,
            ports ->
                new Launch(
                        JvmCommand.of(
                            data,
                            HEAP_MEGABYTES,
                            List.of(JvmCommand.OWN_LOGGING),
                            KafkaMain.class.getName(),
                            List.of(
                                properties(data, ports, more).toString(),
                                withoutMark(ready).toString())),
                        JvmCommand.withOwnClassPath(),
                        () -> Files.exists(ready),
                        PATIENCE)
                    .steppingBack()));
  }

  /** The client property bootstrap.servers, {@code host:port}. */
  public String bootstrapServers() {
    return HOST + ":" + port(0);
  }

  /** The same for who logs in, of a server with ACLs. */
  public String guardedBootstrapServers() {
    return HOST + ":" + port(2);
  }

  /**
   * What a client sets that logs in there.
   *
   * @param password the password, or what stands for it
   * @param ca the certificate of the CA that signed the server's, as PEM
   */
  public static Map<String, String> login(String user, String password, Path ca) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "%s required username=\"%s\" password=\"%s\";".formatted(SCRAM, user, password),
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        ca.toString());
  }

  private static Map<String, String> proxied(List<Integer> ports, List<Integer> proxies) {
    Map<String, String> more = new HashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      String listener = "PROXY" + i;
      more.merge(LISTENERS, address(listener, ports.get(i)), KafkaServer::joined);
      more.merge(ADVERTISED, address(listener, proxies.get(i)), KafkaServer::joined);
      more.merge(PROTOCOLS, listener + ":PLAINTEXT", KafkaServer::joined);
    }
    if (!ports.isEmpty()) {
      // of each listener
      more.put("num.network.threads", "1");
    }
    return more;
  }

  private static Map<String, String> guarded(int port, Path keyStore, String password) {
    return Map.ofEntries(
        Map.entry(LISTENERS, address("GUARDED", port)),
        Map.entry(ADVERTISED, address("GUARDED", port)),
        Map.entry(PROTOCOLS, "GUARDED:SASL_SSL"),
        Map.entry("listener.name.guarded.ssl.keystore.type", "PKCS12"),
        Map.entry("listener.name.guarded.ssl.keystore.location", keyStore.toString()),
        Map.entry("listener.name.guarded.ssl.keystore.password", password),
        Map.entry("listener.name.guarded.sasl.enabled.mechanisms", "SCRAM-SHA-512"),
        Map.entry("listener.name.guarded.scram-sha-512.sasl.jaas.config", SCRAM + " required;"),
        Map.entry(
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
        Map.entry("super.users", "User:ANONYMOUS"));
  }

  private static String address(String listener, int port) {
    return "%s://%s:%d".formatted(listener, HOST, port);
  }

  private static String joined(String some, String more) {
    return some + "," + more;
  }

  private static Path properties(
      Path data, List<Integer> ports, Function<List<Integer>, Map<String, String>> more) {
    String client = address("CLIENT", ports.get(0));
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.put(LISTENERS, joined(client, address("CONTROLLER", ports.get(1))));
    all.put(ADVERTISED, client);
    all.put("controller.quorum.voters", "1@%s:%d".formatted(HOST, ports.get(1)));
    all.put("log.dirs", data.resolve("log").toString());
    more.apply(ports.subList(2, ports.size()))
        .forEach(
            (name, value) -> {
              if (LISTS.contains(name)) {
                all.merge(name, value, KafkaServer::joined);
              } else {
                all.put(name, value);
              }
            });
    Properties properties = new Properties();
    properties.putAll(all);
    Path file = data.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "embedded Kafka");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

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
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

/**
 * Kafka as a single KRaft node, broker and controller in one, with transactions and compaction.
 *
 * <p>Topics are not created by being used. Retention and compaction look for work every few
 * seconds, so that their effects show within a test's time.
 */
public final class KafkaServer extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int HEAP_MEGABYTES = 256;
  private static final String PROTOCOLS = "listener.security.protocol.map";

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
    return start(folder, name, 0, ports -> List.of());
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
    Path data = folder.dataOf(name);
    Path ready = data.resolve("ready");
    return new KafkaServer(
        ServerProcess.start(
            folder,
            name,
            2 + proxies,
            ports ->
                new Launch(
                        JvmCommand.of(
                            data,
                            HEAP_MEGABYTES,
                            List.of(JvmCommand.OWN_LOGGING),
                            KafkaMain.class.getName(),
                            List.of(properties(data, ports, before).toString(), ready.toString())),
                        JvmCommand.withOwnClassPath(),
                        () -> Files.exists(ready),
                        PATIENCE)
                    .steppingBack()));
  }

  /** The client property bootstrap.servers, {@code host:port}. */
  public String bootstrapServers() {
    return HOST + ":" + port(0);
  }

  private static Path properties(
      Path data, List<Integer> ports, UnaryOperator<List<Integer>> before) {
    String client = "CLIENT://%s:%d".formatted(HOST, ports.get(0));
    String controller = "CONTROLLER://%s:%d".formatted(HOST, ports.get(1));
    StringBuilder listeners = new StringBuilder(client + "," + controller);
    StringBuilder advertised = new StringBuilder(client);
    StringBuilder protocols = new StringBuilder(SETTINGS.get(PROTOCOLS));
    List<Integer> proxied = ports.subList(2, ports.size());
    List<Integer> proxies = before.apply(proxied);
    for (int i = 0; i < proxied.size(); i++) {
      listeners.append(",PROXY%d://%s:%d".formatted(i, HOST, proxied.get(i)));
      advertised.append(",PROXY%d://%s:%d".formatted(i, HOST, proxies.get(i)));
      protocols.append(",PROXY%d:PLAINTEXT".formatted(i));
    }
    Properties properties = new Properties();
    properties.putAll(SETTINGS);
    properties.putAll(
        Map.of(
            "listeners",
            listeners.toString(),
            "advertised.listeners",
            advertised.toString(),
            PROTOCOLS,
            protocols.toString(),
            "controller.quorum.voters",
            "1@%s:%d".formatted(HOST, ports.get(1)),
            "log.dirs",
            data.resolve("log").toString()));
    if (!proxied.isEmpty()) {
      // of each listener
      properties.put("num.network.threads", "1");
    }
    Path file = data.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "embedded Kafka");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

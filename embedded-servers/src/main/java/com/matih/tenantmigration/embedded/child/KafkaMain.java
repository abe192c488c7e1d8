package com.matih.tenantmigration.embedded.child;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Formats a folder for a KRaft node that is broker and controller, and runs it. */
public final class KafkaMain {

  private KafkaMain() {}

  /**
   * Returns once the broker answers; it goes on in threads of its own.
   *
   * @param args the file of the broker's properties, and the file to create when it answers
   */
  public static void main(String[] args) throws Exception {
    Properties properties = read(Path.of(args[0]));
    Path directory = Path.of(properties.getProperty("log.dirs"));
    if (!Files.exists(directory.resolve("meta.properties"))) {
      format(directory, properties);
    }
    new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM).startup();
    Files.createFile(Path.of(args[1]));
  }

  private static void format(Path directory, Properties properties) throws Exception {
    new Formatter()
        .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(properties.getProperty("controller.listener.names"))
        .setPrintStream(System.out)
        .run();
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}

package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Utils;

/**
 * Looks why a cluster does not answer. Kafka's clients try for as long as they may, 20 s here,
 * where nobody listens on a port or where it speaks another protocol, and do not tell which it is.
 */
final class BootstrapPorts {

  private static final int PATIENCE_MILLIS = 3_000;

  /** The first bytes of an alert, with which TLS answers what it does not understand. */
  private static final int TLS_ALERT = 0x1503;

  private static final int CORRELATION = 0x54454E41;

  private final KafkaCluster cluster;
  private final String addresses;
  private final boolean isTls;

  /** How a port answers who speaks Kafka's protocol in clear. */
  private enum Answer {
    REFUSED,
    IN_CLEAR,
    TLS,
    CLOSED,
    SILENT
  }

  BootstrapPorts(KafkaCluster cluster) {
    this.cluster = cluster;
    Map<String, Object> settings = cluster.adminSettings();
    this.addresses = String.valueOf(settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    this.isTls =
        String.valueOf(settings.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG)).endsWith("SSL");
  }

  /**
   * Returns where a client may still get an answer.
   *
   * @throws MigrationException of type STORE_UNREACHABLE where nobody listens on any of the ports,
   *     BAD_REQUEST where one speaks another protocol than the properties say
   */
  void require(ProgressMonitor monitor) {
    boolean areAllRefused = true;
    for (String address : addresses.split(",", -1)) {
      monitor.throwIfCancelled();
      Answer answer = ask(address.trim());
      areAllRefused &= answer == Answer.REFUSED;
      if (isTls && answer == Answer.IN_CLEAR) {
        throw otherProtocol(address, "does not speak TLS", "SASL_PLAINTEXT or PLAINTEXT");
      }
      if (!isTls && answer == Answer.TLS) {
        throw otherProtocol(address, "speaks TLS", "SASL_SSL or SSL");
      }
      if (!isTls && answer == Answer.CLOSED) {
        throw new MigrationException(
            FailureType.STORE_UNREACHABLE,
            "%s at %s closes connections that are not encrypted. Check whether that port expects TLS (security.protocol)."
                .formatted(cluster.name(), address));
      }
    }
    if (areAllRefused) {
      throw new MigrationException(
          FailureType.STORE_UNREACHABLE,
          "%s at %s refuses connections. Check bootstrapServers, and whether its brokers are running."
              .formatted(cluster.name(), addresses));
    }
  }

  private MigrationException otherProtocol(String address, String what, String protocols) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        "%s at %s %s on this port. Set security.protocol to %s in the cluster's properties, or correct the port."
            .formatted(cluster.name(), address, what, protocols));
  }

  private static Answer ask(String address) {
    String host = Utils.getHost(address);
    Integer port = Utils.getPort(address);
    if (host == null || port == null) {
      return Answer.SILENT;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return ask(socket);
    } catch (ConnectException e) {
      return Answer.REFUSED;
    } catch (IOException e) {
      return Answer.SILENT;
    }
  }

  /** Asks for the versions that the broker knows, which it tells who has not logged in too. */
  private static Answer ask(Socket socket) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(14);
    request.putInt(10).putShort(ApiKeys.API_VERSIONS.id).putShort((short) 0);
    request.putInt(CORRELATION).putShort((short) -1);
    try {
      socket.getOutputStream().write(request.array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int first = in.readInt();
      if (first >>> 16 == TLS_ALERT) {
        return Answer.TLS;
      }
      return in.readInt() == CORRELATION ? Answer.IN_CLEAR : Answer.SILENT;
    } catch (SocketTimeoutException e) {
      return Answer.SILENT;
    } catch (EOFException | SocketException e) {
      return Answer.CLOSED;
    }
  }
}

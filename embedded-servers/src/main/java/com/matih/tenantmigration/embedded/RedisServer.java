package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.Guarded;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.embedded.tools.RedisBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Redis without a password that keeps everything in memory and nothing on disk. */
public final class RedisServer extends ProcessBackedServer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ANSWER_TIMEOUT_MILLIS = 1_000;

  private RedisServer(ServerProcess process) {
    super(process);
  }

  /**
   * Starts a server that evicts nothing, which is Redis' own default.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   * @throws MissingToolException if the machine lacks a program it needs
   */
  public static RedisServer start(ServerFolder folder, String name) {
    return start(folder, name, "noeviction");
  }

  /**
   * Starts a server.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @param maxmemoryPolicy a value of Redis' setting maxmemory-policy; it also decides whether
   *     {@code OBJECT IDLETIME} or {@code OBJECT FREQ} works
   * @throws ServerStartException if it does not come up
   * @throws MissingToolException if the machine lacks a program it needs
   */
  public static RedisServer start(ServerFolder folder, String name, String maxmemoryPolicy) {
    Path data = folder.dataOf(name);
    return new RedisServer(
        ServerProcess.start(
            folder, name, 1, ports -> launch(data, ports.get(0), maxmemoryPolicy, List.of())));
  }

  /**
   * Starts a node of a cluster that holds the lower half of the slots. The node of the other half
   * is not there, but known.
   *
   * @throws ServerStartException if it does not come up
   */
  public static RedisServer startClustered(ServerFolder folder, String name) {
    Path data = folder.dataOf(name);
    List<Integer> ports = List.of(portOfNode());
    String nodes =
        """
        %s %s:%d@%d myself,master - 0 0 1 connected 0-8191
        %s %s:1@10001 master - 0 0 2 connected 8192-16383
        vars currentEpoch 2 lastVoteEpoch 0
        """
            .formatted(
                "a".repeat(40), HOST, ports.get(0), busOf(ports.get(0)), "b".repeat(40), HOST);
    try {
      Files.writeString(data.resolve("nodes.conf"), nodes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> cluster =
        List.of(
            "--cluster-enabled",
            "yes",
            "--cluster-require-full-coverage",
            "no",
            // the other node is not missed
            "--cluster-node-timeout",
            "3600000");
    return new RedisServer(
        ServerProcess.startAgain(
            folder, name, ports, of -> launch(data, of.get(0), "noeviction", cluster)));
  }

  /** Nodes speak to each other at a port that is higher by this. */
  private static int busOf(int port) {
    return port + 10_000;
  }

  private static int portOfNode() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0)) {
        if (busOf(socket.getLocalPort()) <= 65_535) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Launch launch(
      Path data, int port, String maxmemoryPolicy, List<String> furtherArguments) {
    List<String> command =
        new ArrayList<>(command(RedisBinary.file(), data, port, maxmemoryPolicy));
    command.addAll(furtherArguments);
    return new Launch(Guarded.command("TERM", command), Map.of(), () -> answers(port), PATIENCE)
        .steppingBack();
  }

  /** The URI that clients take, {@code redis://host:port}. */
  public String uri() {
    return "redis://%s:%d".formatted(HOST, port());
  }

  /** The TCP port. */
  public int port() {
    return port(0);
  }

  private static List<String> command(Path program, Path data, int port, String maxmemoryPolicy) {
    return List.of(
        program.toString(),
        "--port",
        String.valueOf(port),
        "--bind",
        HOST,
        "--dir",
        data.toString(),
        "--save",
        "",
        "--appendonly",
        "no",
        // many tenants of a test have one each
        "--databases",
        "1024",
        "--maxmemory-policy",
        maxmemoryPolicy);
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes("+PONG".length());
      return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }
}

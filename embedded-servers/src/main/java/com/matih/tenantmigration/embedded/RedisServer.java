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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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
    Path program = RedisBinary.file();
    Path data = folder.dataOf(name);
    ServerProcess process =
        ServerProcess.start(
            folder,
            name,
            1,
            ports ->
                new Launch(
                        Guarded.command(
                            "TERM", command(program, data, ports.get(0), maxmemoryPolicy)),
                        Map.of(),
                        () -> answers(ports.get(0)),
                        PATIENCE)
                    .steppingBack());
    return new RedisServer(process);
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

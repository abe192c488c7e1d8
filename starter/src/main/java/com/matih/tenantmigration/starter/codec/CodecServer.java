package com.matih.tenantmigration.starter.codec;

import com.matih.tenantmigration.starter.MissingSettingException;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code POST /encode} and {@code POST /decode}, as Temporal's codec server protocol has
 * it, below any path.
 */
public final class CodecServer implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int SHORTEST_TOKEN = 16;
  private static final String ORIGIN = "https?://[^/*\\s,]+";

  private final HttpServer server;
  private final ExecutorService threads;

  private CodecServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Who may ask, and where.
   *
   * @param address where the server listens
   * @param token what requests have to bring as {@code Authorization: Bearer}; may be left out on
   *     loopback
   * @param origins the origins whose pages may ask, such as {@code https://temporal.example}
   */
  public record Access(InetSocketAddress address, @Nullable String token, Set<String> origins) {

    /**
     * @throws MissingSettingException where that would let anybody ask
     */
    public Access {
      origins = Set.copyOf(origins);
      if (address.isUnresolved()) {
        throw new MissingSettingException(
            "The host %s cannot be resolved. Listen on an address of this machine."
                .formatted(address.getHostString()));
      }
      if (token == null && !address.getAddress().isLoopbackAddress()) {
        throw new MissingSettingException(
            ("Without a token the codec server listens on loopback only, and %s is another"
                    + " address. Give it a token by --token.")
                .formatted(address.getHostString()));
      }
      if (token != null && token.length() < SHORTEST_TOKEN) {
        throw new MissingSettingException(
            "The token is shorter than %d characters. Create one with: openssl rand -hex 32"
                .formatted(SHORTEST_TOKEN));
      }
      for (String origin : origins) {
        if (!origin.matches(ORIGIN)) {
          throw new MissingSettingException(
              ("'%s' is not an origin. Write the scheme, host and port of the page, such as"
                      + " https://temporal.example.")
                  .formatted(origin));
        }
      }
    }
  }

  /**
   * Starts serving.
   *
   * @throws MissingSettingException where the encryption is off, or the address cannot be listened
   *     on
   */
  public static CodecServer start(PayloadEncryption encryption, Access access) {
    if (!encryption.isOn()) {
      throw new MissingSettingException(
          "TENANT_MIGRATION_PAYLOAD_KEYS is not set, so there is nothing to decrypt with. Set it"
              + " as it is set for the workers.");
    }
    HttpServer server;
    try {
      server = HttpServer.create(access.address(), 0);
    } catch (IOException e) {
      throw new MissingSettingException(
          "The codec server cannot listen on %s:%d. Choose another address or port."
              .formatted(access.address().getHostString(), access.address().getPort()));
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS,
            runnable -> {
              Thread thread = new Thread(runnable, "codec");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", new CodecHandler(encryption, access));
    server.start();
    return new CodecServer(server, threads);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

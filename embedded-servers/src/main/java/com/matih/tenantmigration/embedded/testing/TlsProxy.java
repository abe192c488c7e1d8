package com.matih.tenantmigration.embedded.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Speaks TLS with clients for a server of this machine that cannot. */
public final class TlsProxy implements AutoCloseable {

  private final ServerSocket door;
  private final int server;

  private TlsProxy(ServerSocket door, int server) {
    this.door = door;
    this.server = server;
  }

  /**
   * A proxy on a free port.
   *
   * @param server the port that is connected to in clear
   */
  public static TlsProxy before(int server, SSLContext context) throws IOException {
    TlsProxy proxy =
        new TlsProxy(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            server);
    start(proxy::accept);
    return proxy;
  }

  /** The proxy's own port on 127.0.0.1. */
  public int port() {
    return door.getLocalPort();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        ((SSLSocket) client)
            .setHandshakeApplicationProtocolSelector((socket, names) -> chosen(names));
        start(() -> serve(client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  /** Clients of gRPC speak HTTP/2 and insist on hearing so; all others need no protocol chosen. */
  private static String chosen(List<String> protocols) {
    return protocols.contains("h2") && !protocols.contains("http/1.1") ? "h2" : "";
  }

  private void serve(Socket client) {
    try (client;
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server)) {
      start(() -> pass(behind, client));
      pass(client, behind);
    } catch (IOException e) {
      // the client sees a closed connection
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // either side has gone, or the handshake failed
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "tls-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}

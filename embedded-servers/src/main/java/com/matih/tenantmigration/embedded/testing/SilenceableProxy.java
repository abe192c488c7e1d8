package com.matih.tenantmigration.embedded.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and a real server, and can fall silent: connections stay open and new
 * ones are taken, but nothing reaches the other side any more, as behind a firewall that drops
 * packets.
 */
public final class SilenceableProxy implements AutoCloseable {

  private final InetSocketAddress server;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  private SilenceableProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  /** Listens on a free port of loopback and passes everything on to that server. */
  public static SilenceableProxy before(InetSocketAddress server) throws IOException {
    return new SilenceableProxy(server);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The same address with this proxy in place of the server's host and port. */
  public String inUrl(String url) {
    String direct = "%s:%d".formatted(server.getHostString(), server.getPort());
    if (!url.contains(direct)) {
      throw new IllegalArgumentException(url + " does not name " + direct);
    }
    return url.replace(direct, address());
  }

  /** From now on nothing passes, in either direction. */
  public void fallSilent() {
    silent = true;
  }

  /** New connections are served again; those that lost bytes meanwhile are closed. */
  public void speakAgain() {
    closeAll();
    silent = false;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        sockets.add(client);
        Socket onward = new Socket();
        sockets.add(onward);
        onward.connect(server);
        start("to server", () -> pass(client, onward));
        start("to client", () -> pass(onward, client));
      } catch (IOException e) {
        closeAll();
      }
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16_384];
    try (from;
        to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        if (!silent) {
          output.write(buffer, 0, read);
          output.flush();
        }
      }
    } catch (IOException e) {
      // one side has gone, and with it the connection
    }
  }

  private static void start(String what, Runnable work) {
    Thread thread = new Thread(work, "silenceable-proxy " + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void closeAll() {
    List<Socket> open = List.copyOf(sockets);
    sockets.removeAll(open);
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // closed already
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    closeAll();
  }
}

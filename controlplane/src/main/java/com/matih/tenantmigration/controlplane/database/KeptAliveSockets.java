package com.matih.tenantmigration.controlplane.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes sockets that notice within a minute that their peer's machine is gone: after half a minute
 * without traffic the system asks the peer three times, ten seconds apart. Without these options
 * the system's own apply, which are two hours on Linux.
 *
 * <p>PostgreSQL's driver makes it by its name, so it is public and has a public constructor.
 */
public final class KeptAliveSockets extends SocketFactory {

  private static final int IDLE_SECONDS = 30;
  private static final int INTERVAL_SECONDS = 10;
  private static final int PROBES = 3;

  /** Called by the driver. */
  public KeptAliveSockets() {}

  /**
   * Turns keepalive on, with our times where the system knows such options.
   *
   * @return the socket itself
   */
  public static Socket keepAlive(Socket socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
    set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
    set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    return socket;
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    return keepAlive(new Socket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return keepAlive(new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return keepAlive(new Socket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return keepAlive(new Socket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return keepAlive(new Socket(host, port, localHost, localPort));
  }
}

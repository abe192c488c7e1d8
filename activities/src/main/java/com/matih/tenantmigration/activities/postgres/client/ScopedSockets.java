package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.controlplane.database.KeptAliveSockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes the sockets of all our connections to PostgreSQL: each belongs to the work of the thread
 * that opens it, is broken by that work's cancel, from the connect on to its close, and is kept
 * alive by ourselves.
 *
 * <p>PostgreSQL's driver makes it by its name, so it is public and has a public constructor.
 */
public final class ScopedSockets extends SocketFactory {

  /** Called by the driver. */
  public ScopedSockets() {}

  @Override
  public Socket createSocket() throws IOException {
    return KeptAliveSockets.keepAlive(ScopedSocket.of(WorkScope.current()));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = createSocket();
    boolean connected = false;
    try {
      socket.connect(address);
      connected = true;
      return socket;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }
}

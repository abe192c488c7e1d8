package com.matih.tenantmigration.embedded.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a real server and passes all bytes on, until it is told to fall silent or to go
 * away.
 *
 * <p>Silent, it takes connections and bytes as before and passes nothing on in either direction, as
 * a frozen machine or a firewall that forgot its connections does. What it swallowed is lost: a
 * connection that was silent once is silent for good, and new ones pass again after {@link
 * #speakAgain}. Gone, it has cut its connections and refuses new ones, as a machine that is off
 * does, until {@link #comeBack}.
 */
public final class SilencedProxy implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int port;
  private final InetSocketAddress server;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicLong swallowed = new AtomicLong();
  private volatile boolean silent;
  private volatile @Nullable String trigger;
  private volatile @Nullable Cut cut;
  private Door door;
  private @Nullable Socket portKeeper;

  private SilencedProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    door = new Door(0);
    port = door.listening.getLocalPort();
  }

  /** A proxy on a free port before the server that listens on that port of this machine. */
  public static SilencedProxy before(int port) throws IOException {
    return before(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** A proxy on a free port before another server. */
  public static SilencedProxy before(InetSocketAddress server) throws IOException {
    return new SilencedProxy(server);
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The same address with this proxy in place of the server's host and port. */
  public String inUrl(String url) {
    String port = ":" + server.getPort();
    int host = url.indexOf("//") + 2;
    int end = url.indexOf(port, host);
    if (host < 2 || end < 0) {
      throw new IllegalArgumentException(url + " does not name a host with " + port);
    }
    int begin = url.lastIndexOf('@', end) < host ? host : url.lastIndexOf('@', end) + 1;
    return url.substring(0, begin) + address() + url.substring(end + port.length());
  }

  /** The proxy's own port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Passes nothing on from now, on all connections, present and new. */
  public void fallSilent() {
    silent = true;
    pairs.forEach(Pair::fallSilent);
  }

  /** Falls silent when a client first sends that text, which is not passed on any more. */
  public void fallSilentAt(String text) {
    trigger = text;
  }

  /** Decides where a connection is cut. */
  public interface Cut {

    /**
     * Whether to cut a connection at what was just read of it, which is not passed on then: what a
     * client sent is not done, what a server answered is.
     *
     * @param bytes the first {@code length} of them were read
     */
    boolean isHere(byte[] bytes, int length, boolean fromClient);
  }

  /** Cuts single connections from now on; {@code null} for none. */
  public void cutAt(@Nullable Cut where) {
    cut = where;
  }

  /** Whether nothing passes. */
  public boolean isSilent() {
    return silent;
  }

  /** Lets new connections through again. */
  public void speakAgain() {
    trigger = null;
    silent = false;
  }

  /** How many bytes clients have sent in vain. */
  public long swallowed() {
    return swallowed.get();
  }

  /** How many connections clients hold open. */
  public int connections() {
    return pairs.size();
  }

  /** Cuts all connections and refuses new ones from now on; does nothing where it is gone. */
  public synchronized void goAway() throws IOException {
    if (portKeeper != null) {
      return;
    }
    door.close();
    portKeeper = portKeeper();
    pairs.forEach(Pair::close);
  }

  /** Bound without listening: connections are refused, and nobody else gets the port. */
  private Socket portKeeper() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Socket keeper = new Socket();
      try {
        keeper.setReuseAddress(true);
        keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return keeper;
      } catch (BindException e) {
        keeper.close();
        // a program that this JVM starts has a copy of the listening socket until it closes it
        if (System.nanoTime() > deadline) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes connections again; does nothing where it was not gone. */
  public synchronized void comeBack() throws IOException {
    Socket keeper = portKeeper;
    if (keeper != null) {
      keeper.close();
      portKeeper = null;
      door = new Door(port);
    }
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "silenced-proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public synchronized void close() throws IOException {
    door.close();
    if (portKeeper != null) {
      portKeeper.close();
    }
    pairs.forEach(Pair::close);
  }

  /** Where clients come in, from one opening of the port to its end. */
  private final class Door {

    private final ServerSocket listening = new ServerSocket();
    private final Thread accepting;

    Door(int port) throws IOException {
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      accepting = start(this::accept);
    }

    private void accept() {
      while (!listening.isClosed()) {
        try {
          Pair pair = new Pair(listening.accept());
          pairs.add(pair);
          var unused = start(pair::open);
        } catch (IOException e) {
          // it was closed
          return;
        }
      }
    }

    void close() throws IOException {
      listening.close();
      try {
        accepting.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A client's connection and the one to the server that belongs to it. */
  private final class Pair {

    private final Socket client;
    private final Socket behind = new Socket();
    private volatile boolean silenced;

    Pair(Socket client) {
      this.client = client;
      this.silenced = silent;
    }

    void fallSilent() {
      silenced = true;
    }

    void open() {
      try {
        behind.connect(server);
        var unused = start(() -> pump(behind, client, false));
      } catch (IOException e) {
        close();
        return;
      }
      pump(client, behind, true);
    }

    /** Ends with the client's end: a silent proxy does not tell that the server has closed. */
    private void pump(Socket from, Socket to, boolean fromClient) {
      byte[] buffer = new byte[1 << 16];
      try {
        InputStream input = from.getInputStream();
        OutputStream output = to.getOutputStream();
        for (int n = input.read(buffer); n >= 0; n = input.read(buffer)) {
          if (fromClient) {
            lookForTrigger(buffer, n);
          }
          Cut where = cut;
          if (where != null && where.isHere(buffer, n, fromClient)) {
            close();
            return;
          }
          if (silenced) {
            swallowed.addAndGet(fromClient ? n : 0);
          } else {
            output.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // either side went away
      }
      if (fromClient || !silenced) {
        close();
      }
    }

    private void lookForTrigger(byte[] buffer, int length) {
      String text = trigger;
      if (text != null
          && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
        SilencedProxy.this.fallSilent();
      }
    }

    void close() {
      pairs.remove(this);
      closeQuietly(client);
      closeQuietly(behind);
    }

    private void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone already
      }
    }
  }
}

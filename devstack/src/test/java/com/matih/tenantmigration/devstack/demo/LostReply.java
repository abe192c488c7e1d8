package com.matih.tenantmigration.devstack.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Stands before a PostgreSQL server and cuts one connection at the worst moment: after the server
 * has committed a transaction that bears a given word, before the client learns of it.
 *
 * <p>Reads the wire only as far as this takes: the word in what the client sends, then the server's
 * command tag {@code COMMIT} in what it answers, which is not handed on.
 */
final class LostReply implements AutoCloseable {

  private static final byte[] COMMITTED = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket door;
  private final InetSocketAddress server;
  private final byte[] word;
  private final BooleanSupplier committed;
  private final AtomicInteger cuts = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();

  /**
   * Opens the door.
   *
   * @param word what the transaction is known by
   * @param committed whether the server shows the transaction's work, asked before the cut
   */
  LostReply(InetSocketAddress server, String word, BooleanSupplier committed) throws IOException {
    this.server = server;
    this.word = word.getBytes(StandardCharsets.US_ASCII);
    this.committed = committed;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("lost-reply-door", this::serve);
  }

  int port() {
    return door.getLocalPort();
  }

  /** How many replies were lost: connections that were cut after the server had committed. */
  int cuts() {
    return cuts.get();
  }

  private void serve() throws IOException {
    while (true) {
      Socket client = door.accept();
      Socket upstream = new Socket(server.getAddress(), server.getPort());
      synchronized (sockets) {
        sockets.add(client);
        sockets.add(upstream);
      }
      Conversation conversation = new Conversation(client, upstream);
      daemon("lost-reply-asked", conversation::ask);
      daemon("lost-reply-answered", conversation::answer);
    }
  }

  private static void daemon(String name, Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException e) {
                // one of the two ends is gone, which is how every conversation ends
                return;
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /** One client's connection. */
  private final class Conversation {

    private final Socket client;
    private final Socket upstream;
    private volatile boolean marked;

    Conversation(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void ask() throws IOException {
      try (client;
          upstream) {
        byte[] buffer = new byte[65_536];
        InputStream in = client.getInputStream();
        OutputStream out = upstream.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          marked = marked || contains(buffer, read, word);
          out.write(buffer, 0, read);
        }
      }
    }

    void answer() throws IOException {
      try (client;
          upstream) {
        byte[] buffer = new byte[65_536];
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (marked && contains(buffer, read, COMMITTED)) {
            marked = false;
            if (cuts.get() == 0 && committed.getAsBoolean()) {
              cuts.incrementAndGet();
              return;
            }
          }
          out.write(buffer, 0, read);
        }
      }
    }
  }

  private static boolean contains(byte[] buffer, int length, byte[] wanted) {
    for (int start = 0; start + wanted.length <= length; start++) {
      int same = 0;
      while (same < wanted.length && buffer[start + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }
}

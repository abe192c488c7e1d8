package com.matih.tenantmigration.activities.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that takes connections and reads what comes, and never answers. */
public final class SilentServer implements AutoCloseable {

  private final ServerSocket server;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();

  public SilentServer() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::acceptConnections);
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /**
   * Cancels the work once the server has a request of it, and requires it to end as soon as
   * operators are promised.
   *
   * @param request a text that the request holds
   * @param monitor the work's own
   */
  public void assertCancelEnds(Runnable work, String request, CancellableMonitor monitor) {
    CompletableFuture<Void> running = CompletableFuture.runAsync(work);
    await().until(() -> received.stream().anyMatch(bytes -> bytes.contains(request)));
    assertThat(running).as("it waits").isNotDone();

    monitor.cancel();

    assertThatExceptionOfType(Exception.class)
        .isThrownBy(running::join)
        .havingCause()
        .isInstanceOfSatisfying(
            MigrationException.class,
            failure -> assertThat(failure.type()).isEqualTo(FailureType.CANCELLED));
    assertThat(monitor.millisSinceCancel()).isLessThan(CancellableMonitor.SOON_MILLIS);
  }

  private void acceptConnections() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        start(() -> read(connection));
      } catch (IOException e) {
        requireClosed(e);
      }
    }
  }

  private void read(Socket connection) {
    byte[] buffer = new byte[1024];
    try {
      for (int n = connection.getInputStream().read(buffer);
          n >= 0;
          n = connection.getInputStream().read(buffer)) {
        received.add(new String(buffer, 0, n, ISO_8859_1));
      }
    } catch (IOException e) {
      // the client went away, or the test is over
    }
  }

  private void requireClosed(IOException e) {
    if (!server.isClosed()) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "silent-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}

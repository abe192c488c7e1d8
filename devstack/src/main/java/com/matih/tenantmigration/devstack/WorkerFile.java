package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.embedded.Temporal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * The configuration of a devstack's worker.
 *
 * @param yaml the file's text
 */
record WorkerFile(String yaml, int port) {

  private static final String HOST = "127.0.0.1";

  /**
   * Chooses a free port for metrics and health and writes everything down.
   *
   * @param secrets the folder of files that requests may refer to
   */
  static WorkerFile of(Temporal temporal, String controlUrl, String controlUser, Path secrets) {
    int port = freePort();
    String yaml =
        """
        # The worker of this devstack; the password comes from devstack.env.
        temporal:
          address: "%s"
        controlPlane:
          url: "%s"
          user: %s
          password: "${env:CONTROL_PG_PASSWORD}"
        http:
          address: %s
          port: %d
        shutdownGrace: 10s
        # the variables of devstack.env, and what you put into this folder
        references:
          variables: ["CONTROL_PG_*", "SHARED_*", "DEDICATED_*", "SERVICE_*", "WORKER_*"]
          folders: ["%s"]
        """
            .formatted(
                temporal.address(), controlUrl, controlUser, HOST, port, secrets.toAbsolutePath());
    return new WorkerFile(yaml, port);
  }

  String metricsAddress() {
    return "http://%s:%d/metrics".formatted(HOST, port);
  }

  String readiness() {
    return "http://%s:%d/readyz".formatted(HOST, port);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("this machine has no free port", e);
    }
  }
}

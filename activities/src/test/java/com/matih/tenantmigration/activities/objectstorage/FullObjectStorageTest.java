package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** An object storage that refuses writes, as the servers of the tests never do. */
class FullObjectStorageTest {

  private HttpServer server;
  private volatile int status;
  private volatile String code = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              "<Error><Code>%s</Code><Message>m</Message></Error>"
                  .formatted(code)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/xml");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "403, QuotaExceeded, STORE_BLOCKED, Make room or raise the quota",
    "507, XMinioStorageFull, STORE_BLOCKED, Make room or raise the quota",
    "403, AccessDenied, PERMISSION_DENIED, Grant the access key",
  })
  void aRefusedWriteIsFinalAndNamesTheObject(
      int answered, String errorCode, FailureType type, String remedy) {
    status = answered;
    code = errorCode;
    try (ObjectStore store =
        new ObjectStores(new SecretResolver())
            .open(
                new Location(
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    "us-east-1",
                    "bucket",
                    "",
                    "key",
                    "secret"),
                ProgressMonitor.unmonitored())) {
      MigrationException failure =
          catchThrowableOfType(
              MigrationException.class,
              () ->
                  store.call(
                      "write " + store.uri("a/b"),
                      s3 ->
                          s3.putObject(
                              put -> put.bucket("bucket").key("a/b"),
                              RequestBody.fromString("x"))));

      assertThat(failure.type()).isEqualTo(type);
      assertThat(failure)
          .hasMessageContaining("s3://bucket/a/b")
          .hasMessageContaining(errorCode)
          .hasMessageContaining(remedy);
    }
  }
}

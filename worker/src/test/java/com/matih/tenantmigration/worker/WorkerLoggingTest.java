package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.worker.WorkerConfiguration.Logging;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

@Isolated("all log into what it reads")
class WorkerLoggingTest {

  private final PrintStream console = System.out;

  @AfterEach
  void restore() throws JoranException {
    System.setOut(console);
    SLF4JBridgeHandler.uninstall();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void noSecretThatWasResolvedStandsInTheLog(LogFormat format) {
    ResolvedSecrets.note("planted-in-the-log");
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
    WorkerLogging.configure(new Logging(format, LogLevel.INFO), null);

    LoggerFactory.getLogger("a.driver")
        .warn(
            "connecting with {}",
            "planted-in-the-log",
            new IllegalStateException("jdbc:postgresql://h/?password=planted-in-the-log"));

    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("connecting with ***", "password=***")
        .doesNotContain("planted-in-the-log");
  }

  @Test
  void whatLibrariesTellTheLogOfTheJdkStandsThereToo() {
    ResolvedSecrets.note("planted-in-the-log");
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
    WorkerLogging.configure(new Logging(LogFormat.JSON, LogLevel.INFO), null);

    java.util.logging.Logger.getLogger("a.driver").warning("connecting with planted-in-the-log");

    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("\"message\":\"connecting with ***\"", "\"logger_name\":\"a.driver\"");
  }

  /** What is sent has the machine's credentials in it; what comes, a tenant's objects. */
  @ParameterizedTest
  @EnumSource(
      value = LogLevel.class,
      names = {"INFO", "DEBUG"})
  void neitherAHeaderOfATenantsObjectNorALoginIsQuoted(LogLevel level) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
    WorkerLogging.configure(new Logging(LogFormat.PLAIN, level), null);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Expires", "planted-in-the-log");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();

    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .httpClientBuilder(Apache5HttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create("id", "secret", "planted-in-the-log")))
            .build()) {
      assertThat(client.headObject(head -> head.bucket("bucket").key("key")).expiresString())
          .isEqualTo("planted-in-the-log");
    } finally {
      server.stop(0);
    }

    assertThat(lines.toString(StandardCharsets.UTF_8)).doesNotContain("planted-in-the-log");
  }
}

package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.MissingSettingException;
import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.codec.CodecServer;
import com.matih.tenantmigration.starter.codec.CodecServer.Access;
import com.matih.tenantmigration.workflow.encryption.OperatorReference;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codec-server}: decrypts payloads for Temporal's UI and the {@code temporal} program. */
@Command(
    name = "codec-server",
    description =
        "Decrypts and encrypts payloads for Temporal's UI and the temporal program, with the keys"
            + " of TENANT_MIGRATION_PAYLOAD_KEYS, until SIGINT or SIGTERM. It speaks HTTP: beyond"
            + " loopback put a proxy with TLS in front of it.",
    mixinStandardHelpOptions = true)
public final class CodecServerCommand extends OperatorCommand {

  private static final Pattern ADDRESS =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\s:/]+)):(\\d{1,5})");
  private static final int HIGHEST_PORT = 65_535;

  /** Seconds in which a request has to be there, so that a slow one does not hold a thread. */
  private static final String LONGEST_REQUEST = "30";

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8081",
      description = "Where to listen (default: ${DEFAULT-VALUE}); port 0: any free port.")
  private String address = "127.0.0.1:8081";

  @Option(
      names = "--token",
      paramLabel = "REFERENCE",
      description = {
        "The bearer token that requests must have, as a reference:",
        "$${env:NAME} or $${file:PATH}. Required beyond loopback."
      })
  private @Nullable String token;

  @Option(
      names = "--origin",
      paramLabel = "ORIGIN",
      description = {
        "An origin whose pages may ask, such as https://temporal.example;",
        "may be repeated. Without it no page may."
      })
  private List<String> origins = List.of();

  @Override
  protected int run(Connections connections) throws InterruptedException {
    PayloadEncryption encryption = PayloadEncryption.of(environment());
    Access access =
        new Access(
            address(),
            token == null ? null : OperatorReference.read("--token", token, environment()),
            new HashSet<>(origins));
    System.setProperty("sun.net.httpserver.maxReqTime", LONGEST_REQUEST);
    CountDownLatch stopped = new CountDownLatch(1);
    try (CodecServer server = CodecServer.start(encryption, access)) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    stopped.countDown();
                  },
                  "shutdown"));
      out()
          .println(
              "The codec server listens on %s, port %d."
                  .formatted(access.address().getHostString(), server.port()));
      out().flush();
      stopped.await();
    }
    return ExitCode.DONE;
  }

  private InetSocketAddress address() {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > HIGHEST_PORT) {
      throw new MissingSettingException(
          "--address is '%s', which is not a host and port. Write them as 127.0.0.1:8081."
              .formatted(address));
    }
    return new InetSocketAddress(
        parts.group(1) == null ? parts.group(2) : parts.group(1), Integer.parseInt(parts.group(3)));
  }
}

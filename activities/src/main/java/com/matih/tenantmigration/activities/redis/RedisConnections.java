package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.CaFile;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the request's two caches. A broken one stays broken: retrying is not its
 * work.
 */
public final class RedisConnections {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private static final RedisCodec<String, byte[]> TEXT_TO_BYTES =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** Of one server; all that means something in an address is encoded in them. */
  private static final Pattern CREDENTIALS = Pattern.compile("rediss?://([^/?#@:]*):([^/?#@]*)@.*");

  private final SecretResolver secrets;

  public RedisConnections(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /** The Redis that the tenants share. */
  Cache shared(RedisSpec spec, ProgressMonitor monitor) {
    return open(new Server("shared Redis", spec.source().uri(), spec.source().caFile()), monitor);
  }

  /** The tenant's own Redis. */
  Cache dedicated(RedisSpec spec, ProgressMonitor monitor) {
    return open(
        new Server("dedicated Redis", spec.target().uri(), spec.target().caFile()), monitor);
  }

  /**
   * One of the two.
   *
   * @param kind as messages name it
   */
  private record Server(String kind, String uri, @Nullable String caFile) {}

  private Cache open(Server server, ProgressMonitor monitor) {
    monitor.askForAnswer(server.kind(), () -> requireAnswer(server));
    return open(server, ANSWER_TIMEOUT, monitor);
  }

  /** A connection begins with an exchange. */
  private void requireAnswer(Server server) {
    open(server, CONNECT_TIMEOUT, ProgressMonitor.unmonitored()).close();
  }

  private Cache open(Server server, Duration answerTimeout, ProgressMonitor monitor) {
    secrets.hosts().requireAll(server.uri());
    RedisURI uri = parse(server.kind(), server.uri());
    String name =
        uri.getHost() == null
            ? server.kind()
            : "%s at %s:%d".formatted(server.kind(), uri.getHost(), uri.getPort());
    uri.setTimeout(CONNECT_TIMEOUT);
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.enabled(answerTimeout));
    String caFile = server.caFile();
    if (caFile != null) {
      options.sslOptions(SslOptions.builder().trustManager(CaFile.trust(secrets, caFile)).build());
    }
    RedisClient client = RedisClient.create(uri);
    client.setOptions(options.build());
    try {
      return new Cache(name, client, client.connect(TEXT_TO_BYTES), monitor);
    } catch (RedisException e) {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
      throw RedisFailures.translate(name, "open a connection", e);
    }
  }

  private RedisURI parse(String name, String reference) {
    try {
      String address = secrets.resolveAddress(reference);
      RedisURI uri = RedisURI.create(address);
      Matcher credentials = CREDENTIALS.matcher(address);
      if (credentials.matches()) {
        logIn(uri, credentials.group(1), credentials.group(2));
      }
      return uri;
    } catch (IllegalArgumentException e) {
      // its message would repeat the text, which may hold a password
      throw badUri(name);
    }
  }

  /** The client decodes both before it looks for the colon between them. */
  private static void logIn(RedisURI uri, String user, String password) {
    if (user.isEmpty()) {
      uri.setAuthentication(decoded(password).toCharArray());
    } else {
      uri.setAuthentication(decoded(user), decoded(password).toCharArray());
    }
  }

  private static String decoded(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static MigrationException badUri(String name) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The URI of the %s is invalid. Write one such as redis://host:6379 or"
                + " rediss://user:password@host:6380/0.")
            .formatted(name));
  }
}

package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
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
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;

/**
 * Opens connections to the request's two caches. A broken one stays broken: retrying is not its
 * work.
 */
public final class RedisConnections {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private static final RedisCodec<String, byte[]> TEXT_TO_BYTES =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final SecretResolver secrets;

  public RedisConnections(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /** The Redis that the tenants share. */
  Cache shared(RedisSpec spec, ProgressMonitor monitor) {
    return open("shared Redis", spec.source().uri(), monitor);
  }

  /** The tenant's own Redis. */
  Cache dedicated(RedisSpec spec, ProgressMonitor monitor) {
    return open("dedicated Redis", spec.target().uri(), monitor);
  }

  private Cache open(String kind, String reference, ProgressMonitor monitor) {
    monitor.askForAnswer(kind, () -> requireAnswer(kind, reference));
    return open(kind, reference, ANSWER_TIMEOUT, monitor);
  }

  /** A connection begins with an exchange. */
  private void requireAnswer(String kind, String reference) {
    open(kind, reference, CONNECT_TIMEOUT, ProgressMonitor.unmonitored()).close();
  }

  private Cache open(
      String kind, String reference, Duration answerTimeout, ProgressMonitor monitor) {
    secrets.hosts().requireAll(reference);
    RedisURI uri = parse(kind, reference);
    String name =
        uri.getHost() == null ? kind : "%s at %s:%d".formatted(kind, uri.getHost(), uri.getPort());
    uri.setTimeout(CONNECT_TIMEOUT);
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.enabled(answerTimeout))
            .build());
    try {
      return new Cache(name, client, client.connect(TEXT_TO_BYTES), monitor);
    } catch (RedisException e) {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
      throw RedisFailures.translate(name, "open a connection", e);
    }
  }

  private RedisURI parse(String name, String reference) {
    try {
      return RedisURI.create(secrets.resolveAddress(reference));
    } catch (IllegalArgumentException e) {
      // its message would repeat the text, which may hold a password
      throw badUri(name);
    }
  }

  private static MigrationException badUri(String name) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The URI of the %s is invalid. Write one such as redis://host:6379 or"
                + " rediss://user:password@host:6380/0.")
            .formatted(name));
  }
}

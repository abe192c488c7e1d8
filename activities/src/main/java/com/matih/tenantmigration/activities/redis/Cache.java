package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One Redis, spoken to in batches: a batch's commands are sent together and then awaited together.
 * Every wait ends within moments of a cancel. Keys are text, values are bytes. For use by one
 * thread.
 */
final class Cache implements AutoCloseable {

  private static final long LOOK_FOR_CANCEL_MILLIS = 200;

  private final String name;
  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final ProgressMonitor monitor;

  Cache(
      String name,
      RedisClient client,
      StatefulRedisConnection<String, byte[]> connection,
      ProgressMonitor monitor) {
    this.name = name;
    this.client = client;
    this.connection = connection;
    this.monitor = monitor;
    connection.setAutoFlushCommands(false);
  }

  /** The Redis as messages name it, such as "shared Redis". */
  String name() {
    return name;
  }

  /** A text as a value. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A value that is text. */
  static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** The server's clock, in milliseconds. */
  double millis() {
    List<byte[]> time = call("return the time", redis -> redis.time());
    return Long.parseLong(text(time.get(0))) * 1000.0 + Long.parseLong(text(time.get(1))) / 1000.0;
  }

  /** One command and its answer. */
  <T> T call(
      String attempted, Function<RedisAsyncCommands<String, byte[]>, ? extends Future<T>> command) {
    Future<T> answer = command.apply(connection.async());
    connection.flushCommands();
    try {
      return await(answer);
    } catch (ExecutionException e) {
      throw RedisFailures.translate(name, attempted, e.getCause());
    }
  }

  /** One command and its answer; empty where the Redis itself answers with an error. */
  <T> Optional<T> tryCall(
      String attempted, Function<RedisAsyncCommands<String, byte[]>, ? extends Future<T>> command) {
    Future<T> answer = command.apply(connection.async());
    connection.flushCommands();
    try {
      return Optional.of(await(answer));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisCommandExecutionException) {
        return Optional.empty();
      }
      throw RedisFailures.translate(name, attempted, e.getCause());
    }
  }

  /**
   * One command for each item, sent together; the answers in the items' order.
   *
   * @param key the key that an item is about, which a failure names
   */
  <I, T> List<T> batch(
      String attempted, List<I> items, Function<I, String> key, BatchCommand<I, T> command) {
    return batch(attempted, items, key, command, failure -> Optional.empty());
  }

  /**
   * One command for each key, sent together; the answers in the keys' order.
   *
   * @param elsewhere the answer for a key that another node of the Redis' cluster holds
   */
  <T> List<T> batchHere(
      String attempted, List<String> keys, BatchCommand<String, T> command, T elsewhere) {
    return batch(
        attempted,
        keys,
        key -> key,
        command,
        failure -> RedisErrors.isElsewhere(failure) ? Optional.of(elsewhere) : Optional.empty());
  }

  private <I, T> List<T> batch(
      String attempted,
      List<I> items,
      Function<I, String> key,
      BatchCommand<I, T> command,
      Function<Throwable, Optional<T>> answered) {
    List<Future<T>> answers = new ArrayList<>(items.size());
    for (I item : items) {
      answers.add(command.send(connection.async(), item));
    }
    connection.flushCommands();
    List<T> values = new ArrayList<>(items.size());
    try {
      for (Future<T> answer : answers) {
        values.add(await(answer, answered));
      }
      return values;
    } catch (ExecutionException e) {
      String failed = key.apply(items.get(values.size()));
      throw RedisFailures.translate(name, attempted + " such as " + failed, e.getCause());
    }
  }

  private <T> T await(Future<T> answer, Function<Throwable, Optional<T>> answered)
      throws ExecutionException {
    try {
      return await(answer);
    } catch (ExecutionException e) {
      return answered.apply(e.getCause()).orElseThrow(() -> e);
    }
  }

  private <T> T await(Future<T> answer) throws ExecutionException {
    while (true) {
      monitor.throwIfCancelled();
      try {
        T value = answer.get(LOOK_FOR_CANCEL_MILLIS, TimeUnit.MILLISECONDS);
        monitor.moved();
        return value;
      } catch (TimeoutException e) {
        monitor.throwIfCancelled();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e);
      }
    }
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }

  /** Sends the command for one item of a batch. */
  interface BatchCommand<I, T> {
    Future<T> send(RedisAsyncCommands<String, byte[]> redis, I item);
  }
}

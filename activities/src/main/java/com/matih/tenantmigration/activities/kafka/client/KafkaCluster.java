package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.AllowedHosts;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka cluster as a migration reaches it: its administration, readers, and transactional
 * writers. Secrets are resolved anew for each client that is opened.
 *
 * <p>Clients are closed with a time limit: without one, a producer whose topic is gone never ends.
 */
public final class KafkaCluster implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaCluster.class);
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final Duration CLOSING_WHEN_INTERRUPTED = Duration.ofSeconds(1);
  private static final long LOOK_FOR_CANCEL_MILLIS = 200;
  private static final long SOON_MILLIS = 1_000;

  private final String name;
  private final String addresses;
  private final ClientSettings settings;
  private final AllowedHosts hosts;
  private final ProgressMonitor monitor;
  private final Admin admin;
  private final Topics topics;
  private final Groups groups;
  private final Transactions transactions;
  private final IdleReaders idleReaders = new IdleReaders();

  public KafkaCluster(
      String name,
      KafkaSpec.Cluster cluster,
      SecretResolver secrets,
      String migrationId,
      ProgressMonitor monitor) {
    this.name = name;
    this.addresses = cluster.bootstrapServers();
    this.settings = new ClientSettings(cluster, secrets, migrationId);
    this.hosts = secrets.hosts();
    this.monitor = monitor;
    this.admin = open(Call.of("accept our settings"), () -> Admin.create(settings.admin()));
    this.topics = new Topics(this);
    this.groups = new Groups(this);
    this.transactions = new Transactions(this);
    monitor.askForAnswer(name, this::requireAnswer);
  }

  private void requireAnswer() {
    Admin asked = open(Call.of("accept our settings"), () -> Admin.create(settings.briefAdmin()));
    try {
      var unused = asked.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw failure(Call.of("answer"), e);
    } catch (InterruptedException e) {
      throw interrupted(Call.of("answer"), e);
    } finally {
      asked.close(Duration.ZERO);
    }
  }

  /** Notes that records arrived or left, whoever's they are. */
  void moved() {
    monitor.moved();
  }

  /** Waits until brokers may have learned of a change; ends with a cancel. */
  void pause(Duration length) {
    monitor.pause(length);
  }

  /** How messages call it, at the beginning of a sentence. */
  public String name() {
    return name;
  }

  public Topics topics() {
    return topics;
  }

  public Groups groups() {
    return groups;
  }

  public Transactions transactions() {
    return transactions;
  }

  public Admin admin() {
    return admin;
  }

  /**
   * Asks the cluster which brokers its clients are sent to.
   *
   * @param whenSilent called once where it has not answered soon; throws what it finds
   * @throws MigrationException of type BAD_REQUEST where one is a host that requests may not name
   */
  public void requireAllowedBrokers(Runnable whenSilent) {
    KafkaFuture<Collection<Node>> brokers = admin.describeCluster().nodes();
    try {
      var unused = brokers.get(SOON_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      try {
        whenSilent.run();
      } catch (MigrationException why) {
        // a close would wait for the answer too
        admin.close(Duration.ZERO);
        throw why;
      }
    } catch (ExecutionException e) {
      // told below
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Node broker : await(Call.of("describe itself"), brokers)) {
      hosts.require(broker.host());
    }
  }

  /** A reader of raw records, of committed transactions alone; it never jumps over a gap. */
  public Consumer<byte[], byte[]> newConsumer() {
    return open(Call.of("open a reader"), () -> new KafkaConsumer<>(settings.consumer()));
  }

  /** What a client for questions is opened with. */
  public Map<String, Object> adminSettings() {
    return settings.admin();
  }

  /** What a reader is opened with. */
  Map<String, Object> readerSettings() {
    return settings.consumer();
  }

  /** A reader of raw records, of open and aborted transactions too. */
  public Consumer<byte[], byte[]> newUncommittedConsumer() {
    Map<String, Object> uncommitted = settings.consumer();
    uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    return open(Call.of("open a reader"), () -> new KafkaConsumer<>(uncommitted));
  }

  /** A reader as of {@link #newConsumer}, which is given back or discarded after its use. */
  Consumer<byte[], byte[]> lendReader() {
    return idleReaders.lend().orElseGet(this::newConsumer);
  }

  /** Keeps a reader in which nothing went wrong for the next one who needs one. */
  void giveBack(Consumer<byte[], byte[]> reader) {
    idleReaders.giveBack(reader).forEach(this::discard);
  }

  void discard(Consumer<byte[], byte[]> reader) {
    close(patience -> reader.close(CloseOptions.timeout(patience)));
  }

  /** A writer of raw records that fences its predecessors of that id once it is initialized. */
  public Producer<byte[], byte[]> newProducer(String transactionalId, String compression) {
    return open(
        Call.of("open a writer"),
        () -> new KafkaProducer<>(settings.producer(transactionalId, compression)));
  }

  /**
   * A group as a producer's transaction names it, without a member: a commit by it is refused while
   * the group has members.
   */
  public ConsumerGroupMetadata groupMetadata(String group) {
    Map<String, Object> withGroup = settings.consumer();
    withGroup.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    Consumer<byte[], byte[]> consumer =
        open(Call.of("name group " + group), () -> new KafkaConsumer<>(withGroup));
    try {
      return consumer.groupMetadata();
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /**
   * What the future gives.
   *
   * @param attempted what is attempted, for the failure's message
   * @throws MigrationException of type CANCELLED where the work must stop meanwhile
   */
  public <T> T await(Call attempted, KafkaFuture<T> future) {
    try {
      return get(future);
    } catch (ExecutionException e) {
      throw failure(attempted, e);
    } catch (InterruptedException e) {
      throw interrupted(attempted, e);
    }
  }

  /** What the future gives, or nothing where it fails with what means absence. */
  <T> Optional<T> awaitUnless(Predicate<Throwable> absent, Call attempted, KafkaFuture<T> future) {
    try {
      return Optional.of(get(future));
    } catch (ExecutionException e) {
      if (absent.test(e.getCause())) {
        return Optional.empty();
      }
      throw failure(attempted, e);
    } catch (InterruptedException e) {
      throw interrupted(attempted, e);
    }
  }

  /** An administrative call to a broker that does not answer takes 20 s; a cancel need not. */
  private <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException {
    while (true) {
      try {
        T answer = future.get(LOOK_FOR_CANCEL_MILLIS, TimeUnit.MILLISECONDS);
        monitor.moved();
        return answer;
      } catch (TimeoutException e) {
        monitor.throwIfCancelled();
      }
    }
  }

  /** Waits for what gives nothing; {@code false} where it fails with what means absence. */
  boolean completes(Predicate<Throwable> absent, Call attempted, KafkaFuture<Void> future) {
    return awaitUnless(absent, attempted, future.thenApply(nothing -> true)).isPresent();
  }

  /** What a client threw, as a failure that can be read. */
  public MigrationException failure(Call attempted, Throwable thrown) {
    return KafkaFailures.translate(attempted, "%s at %s".formatted(name, addresses), thrown);
  }

  private static MigrationException interrupted(Call attempted, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new MigrationException(
        FailureType.CANCELLED, "Interrupted in an attempt to %s.".formatted(attempted.words()), e);
  }

  /**
   * Closes a client, at once where the work is interrupted.
   *
   * <p>A writer's close waits for its own thread, which no interrupt reaches and which may wait for
   * a broker's answer as long as a request may take. So it is closed on a thread of its own, which
   * an interrupted caller leaves behind; a writer that was closed writes nothing more.
   *
   * @param client closes it within the given time
   */
  public void close(java.util.function.Consumer<Duration> client) {
    boolean interrupted = Thread.interrupted();
    Duration patience = interrupted ? Duration.ZERO : CLOSING;
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(() -> client.accept(patience), KafkaCluster::onItsOwnThread);
    try {
      if (interrupted) {
        closed.get(CLOSING_WHEN_INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        closed.get();
      }
    } catch (TimeoutException | InterruptedException e) {
      interrupted = true;
      log.info("{} does not answer; a client of it is closed in the background", name);
    } catch (ExecutionException e) {
      throw failure(Call.of("let go of a client"), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** All wait at the same time for what they have sent. */
  private static void closeAll(List<Consumer<byte[], byte[]>> readers, Duration patience) {
    CompletableFuture.allOf(
            readers.stream()
                .map(
                    reader ->
                        CompletableFuture.runAsync(
                            () -> reader.close(CloseOptions.timeout(patience)),
                            KafkaCluster::onItsOwnThread))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private static void onItsOwnThread(Runnable closing) {
    Thread thread = new Thread(closing, "kafka-client-closing");
    thread.setDaemon(true);
    thread.start();
  }

  private <T> T open(Call attempted, Supplier<T> client) {
    try {
      return client.get();
    } catch (KafkaException e) {
      throw failure(attempted, e);
    }
  }

  @Override
  public void close() {
    List<Consumer<byte[], byte[]>> readers = idleReaders.takeAll();
    if (!readers.isEmpty()) {
      close(patience -> closeAll(readers, monitor.isCancelled() ? Duration.ZERO : patience));
    }
    admin.close(monitor.isCancelled() ? Duration.ZERO : CLOSING);
  }
}

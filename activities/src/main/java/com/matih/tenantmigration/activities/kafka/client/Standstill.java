package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a reader makes of being handed nothing: it waits for a broker that holds it back for its
 * quota, for somebody's open transaction as long as the request says, and for a broker that is
 * silent not long.
 */
public final class Standstill {

  /** How long a broker may return nothing of what it says can be read. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How often the broker is asked what it can hand out; its answers count as progress. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);

  private static final String THROTTLE_TIME = "fetch-throttle-time-max";

  private final KafkaCluster cluster;
  private final Duration forTransaction;
  private final Duration untilAsked;
  private long askedAt;
  private @Nullable Long idleSince;
  private @Nullable Long hiddenSince;

  /**
   * Begins with a reader that moves.
   *
   * @param forTransaction how long an open transaction may hide what follows
   */
  public Standstill(KafkaCluster cluster, Duration forTransaction) {
    this.cluster = cluster;
    this.forTransaction = forTransaction;
    this.untilAsked =
        forTransaction.compareTo(BETWEEN_QUESTIONS) < 0 ? forTransaction : BETWEEN_QUESTIONS;
  }

  /** The reader has moved. */
  public void end() {
    idleSince = null;
    hiddenSince = null;
  }

  /**
   * The reader was handed nothing once more.
   *
   * @param ends up to where it reads
   * @throws MigrationException of type DRAIN_TIMED_OUT where an open transaction hides what follows
   *     for too long, of type STORE_ERROR where nothing does
   */
  public void goOn(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    long now = System.nanoTime();
    if (idleSince == null) {
      idleSince = now;
      askedAt = now;
    }
    if (since(askedAt).compareTo(untilAsked) <= 0) {
      return;
    }
    askedAt = now;
    if (isHeldBack(consumer)) {
      end();
      cluster.moved();
      return;
    }
    Optional<TopicPartition> hidden = hidden(consumer, ends);
    if (hidden.isPresent()) {
      hiddenSince = hiddenSince == null ? idleSince : hiddenSince;
      requirePatience(hidden.get(), consumer.position(hidden.get()), since(hiddenSince));
      idleSince = now;
    } else if (since(idleSince).compareTo(SILENCE) > 0) {
      TopicPartition unread = ends.keySet().iterator().next();
      throw new MigrationException(
          FailureType.STORE_ERROR,
          "%s has returned no records of %s from offset %d on for %d s, although it has some."
              .formatted(
                  cluster.name(), unread, consumer.position(unread), since(idleSince).toSeconds()));
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** A partition of which an open transaction hides what comes next. */
  private Optional<TopicPartition> hidden(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> stable = cluster.topics().stableEnds(List.copyOf(ends.keySet()));
    return ends.keySet().stream()
        .filter(partition -> stable.getOrDefault(partition, 0L) < ends.get(partition))
        .filter(partition -> stable.getOrDefault(partition, 0L) <= consumer.position(partition))
        .findFirst();
  }

  private void requirePatience(TopicPartition partition, long offset, Duration waited) {
    if (waited.compareTo(forTransaction) > 0) {
      throw new MigrationException(
          FailureType.DRAIN_TIMED_OUT,
          "%s has an open transaction in %s that has hidden the records from offset %d on for %s. End its producer (kafka-transactions.sh finds it), or set a longer kafka.openTransactions.timeout, and migrate again."
              .formatted(cluster.name(), partition, offset, Units.duration(waited)));
    }
  }

  /** Whether a broker did within the last minute, for the reader's quota. */
  private static boolean isHeldBack(Consumer<?, ?> consumer) {
    for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
      if (metric.getKey().name().equals(THROTTLE_TIME)
          && metric.getValue().metricValue() instanceof Double millis
          && millis > 0) {
        return true;
      }
    }
    return false;
  }
}

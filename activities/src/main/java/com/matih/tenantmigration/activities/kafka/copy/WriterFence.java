package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.FenceProducersResult;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.acl.AclOperation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a topic from the writers of earlier attempts. */
public final class WriterFence {

  private static final Logger log = LoggerFactory.getLogger(WriterFence.class);

  /** What ends a transaction: it takes no more records, and its outcome no longer changes. */
  private static final Set<TransactionState> DECIDED =
      EnumSet.of(TransactionState.PREPARE_ABORT, TransactionState.PREPARE_COMMIT);

  /** How many are fenced at a time, each within the time that an administrative call may take. */
  private static final int PORTION = 20;

  /** For what cannot end; mostly it takes some milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaCluster cluster;
  private final TopicFacts topic;
  private final List<String> ids;

  public WriterFence(KafkaCluster cluster, String migrationId, TopicFacts topic) {
    this.cluster = cluster;
    this.topic = topic;
    this.ids =
        topic.topicPartitions().stream()
            .map(partition -> ReplayWriter.transactionalId(migrationId, partition))
            .toList();
  }

  /** Earlier writers can commit nothing more, and what they had open is undone. */
  void raise() {
    for (List<String> portion : portions()) {
      DurableAct.FENCE_WRITERS.run(
          () -> fence(portion, new FenceProducersOptions()).forEach(this::await));
    }
  }

  private List<List<String>> portions() {
    List<List<String>> portions = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += PORTION) {
      portions.add(ids.subList(from, Math.min(ids.size(), from + PORTION)));
    }
    return portions;
  }

  /**
   * A call for each: within one call for several, the client takes each after the first for a retry
   * and waits longer and longer before it, a second in the end ({@code retry.backoff.max.ms}).
   */
  private Map<String, FenceProducersResult> fence(
      List<String> portion, FenceProducersOptions options) {
    Map<String, FenceProducersResult> fenced = new LinkedHashMap<>();
    portion.forEach(id -> fenced.put(id, cluster.admin().fenceProducers(List.of(id), options)));
    return fenced;
  }

  /**
   * Earlier writers can write nothing more into the topic, which is about to be emptied.
   *
   * <p>A transaction may stay undone: where a partition refuses even the marker that ends it, such
   * as by a {@code max.message.bytes} of less than its 80 bytes, the broker does not write it again
   * before it is restarted, and fences nobody meanwhile.
   */
  public void raiseForRemoval() {
    portions().forEach(this::raiseForRemoval);
  }

  private void raiseForRemoval(List<String> portion) {
    Map<String, FenceProducersResult> fenced =
        fence(portion, new FenceProducersOptions().timeoutMs((int) PATIENCE.toMillis()));
    for (String id : portion) {
      try {
        await(id, Objects.requireNonNull(fenced.get(id)));
      } catch (MigrationException e) {
        if (e.type() != FailureType.STORE_UNREACHABLE || !isDecided(id)) {
          throw e;
        }
      }
    }
  }

  private void await(String id, FenceProducersResult fenced) {
    var unused =
        cluster.await(
            Call.of("fence the writers of topic " + topic.name())
                .transactionalId(AclOperation.WRITE, id),
            fenced.fencedProducers().get(id).thenApply(nothing -> true));
  }

  /** A cluster that is too old to say whether it is has not said so. */
  private boolean isDecided(String id) {
    try {
      return cluster.transactions().state(id).filter(DECIDED::contains).isPresent();
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      log.warn("whether the transaction of {} is decided cannot be told", id, e);
      return false;
    }
  }
}

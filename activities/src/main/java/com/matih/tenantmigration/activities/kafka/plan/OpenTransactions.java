package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the open transactions that hide records of the shared topics. */
final class OpenTransactions {

  private static final Logger log = LoggerFactory.getLogger(OpenTransactions.class);

  private final KafkaCluster source;
  private final Duration wait;
  private final PlanNotes notes;

  /**
   * Begins.
   *
   * @param wait how long the tenant is read-only for them
   */
  OpenTransactions(KafkaCluster source, Duration wait, PlanNotes notes) {
    this.source = source;
    this.wait = wait;
    this.notes = notes;
  }

  /**
   * Warns of those that are open.
   *
   * @param ranges what the topics hold
   * @param stableEnds up to where they can be read
   */
  void plan(Map<TopicPartition, OffsetRange> ranges, Map<TopicPartition, Long> stableEnds) {
    Map<TopicPartition, Long> held = new TreeMap<>(OpenTransactions::compare);
    ranges.forEach(
        (partition, range) -> {
          long stable = stableEnds.getOrDefault(partition, range.end());
          if (stable < range.end()) {
            held.put(partition, stable);
          }
        });
    if (held.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> now = source.topics().stableEnds(List.copyOf(held.keySet()));
    held.entrySet().removeIf(each -> !each.getValue().equals(now.get(each.getKey())));
    if (!held.isEmpty()) {
      Map<TopicPartition, List<String>> owners = owners(held);
      held.forEach(
          (partition, offset) ->
              notes.warn(
                  partition.topic(),
                  "An open transaction hides the records of partition %d from offset %d on%s. If the tenant has records there, the migration waits for its end, and rolls back after %s while the tenant is read-only. End its producer if it is a leftover (kafka-transactions.sh abort), or set a longer kafka.openTransactions.timeout."
                      .formatted(
                          partition.partition(),
                          offset,
                          owners.getOrDefault(partition, List.of()).isEmpty()
                              ? ""
                              : ": " + String.join(", ", owners.get(partition)),
                          ShortDuration.format(wait))));
    }
  }

  private static int compare(TopicPartition one, TopicPartition other) {
    int byTopic = one.topic().compareTo(other.topic());
    return byTopic == 0 ? Integer.compare(one.partition(), other.partition()) : byTopic;
  }

  /** Whose they are, as far as the cluster tells; an old one or one that denies it does not. */
  private Map<TopicPartition, List<String>> owners(Map<TopicPartition, Long> held) {
    try {
      Map<Long, String> ids = new HashMap<>();
      for (TransactionListing each :
          source.await(Call.of("list its transactions"), source.admin().listTransactions().all())) {
        ids.put(each.producerId(), each.transactionalId());
      }
      Call call = Call.of("describe the producers of topics");
      for (TopicPartition partition : held.keySet()) {
        call = call.topic(AclOperation.READ, partition.topic());
      }
      Map<TopicPartition, List<String>> owners = new HashMap<>();
      source
          .await(call, source.admin().describeProducers(held.keySet()).all())
          .forEach((partition, state) -> owners.put(partition, named(state, ids)));
      return owners;
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      log.warn("whose the open transactions are cannot be told", e);
      return Map.of();
    }
  }

  private static List<String> named(PartitionProducerState state, Map<Long, String> ids) {
    List<String> named = new ArrayList<>();
    for (ProducerState each : state.activeProducers()) {
      if (each.currentTransactionStartOffset().isPresent()) {
        String id = ids.get(each.producerId());
        named.add(
            "%s, which wrote last at %s"
                .formatted(
                    id == null
                        ? "producer %d without a known transactional id"
                            .formatted(each.producerId())
                        : "transactional id '%s'".formatted(id),
                    Instant.ofEpochMilli(each.lastTimestamp())));
      }
    }
    return named;
  }
}

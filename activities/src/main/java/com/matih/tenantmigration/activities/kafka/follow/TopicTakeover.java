package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.TopicPreparation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/** Takes the topics from earlier attempts, to carry over what has arrived in them since. */
final class TopicTakeover {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;

  TopicTakeover(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      MigrationContext context,
      RemovalGuard guard) {
    this.source = source;
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.guard = guard;
  }

  /**
   * Takes all topics, side by side; the caller closes them.
   *
   * @param groups the dedicated groups whose positions are committed, beside the anchors' group
   */
  List<FollowedTopic> take(FollowedTopics topics, List<String> groups, ProgressMonitor monitor) {
    LatestAttempt latest = journal.begin(monitor.attempt());
    TopicPreparation preparation = new TopicPreparation(target, journal, context, guard);
    Map<TopicPartition, Long> begins = source.topics().begins(topics.partitions());
    FollowedTopic.Tools tools =
        new FollowedTopic.Tools(
            source,
            target,
            journal,
            latest,
            context.migrationId(),
            context.request().tenantKey(),
            transactional(groups),
            context.spec(KafkaSpec.class).waitForTransactions());
    List<Function<ProgressMonitor, FollowedTopic>> tasks = new ArrayList<>();
    for (KafkaSpec.Topic topic : context.spec(KafkaSpec.class).topics()) {
      tasks.add(
          shared -> {
            shared.throwIfCancelled();
            TopicFacts dedicated =
                preparation.prepare(topic, topics.partitionsOf(topic.from()), latest);
            return new FollowedTopic(tools, topic, dedicated, begins);
          });
    }
    return WorkerPool.callAll("topic", monitor, tasks);
  }

  /** The groups as a producer's transaction names them. */
  private Map<String, ConsumerGroupMetadata> transactional(List<String> groups) {
    Map<String, ConsumerGroupMetadata> transactional = new HashMap<>();
    String anchors = Anchor.group(context.migrationId());
    transactional.put(anchors, target.groupMetadata(anchors));
    groups.forEach(group -> transactional.put(group, target.groupMetadata(group)));
    return transactional;
  }
}

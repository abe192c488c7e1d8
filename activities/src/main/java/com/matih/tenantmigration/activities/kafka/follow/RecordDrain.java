package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions;
import com.matih.tenantmigration.activities.kafka.compare.FollowedComparison;
import com.matih.tenantmigration.activities.kafka.copy.PositionReader;
import com.matih.tenantmigration.activities.kafka.copy.TopicReplayer;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Completes the replay when the tenant no longer writes: the last records, the groups' positions,
 * and the comparison of what no check has compared.
 *
 * <p>Ends and positions are read once, for all attempts, after the fence. What follows is the
 * replay as it is offline, from the anchors on. A late follower is fenced by it, as any earlier
 * attempt.
 */
public final class RecordDrain {

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;
  private final KafkaSpec spec;

  public RecordDrain(
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
    this.spec = context.spec(KafkaSpec.class);
  }

  /**
   * Drains; repeatable.
   *
   * @throws MigrationException of type SOURCE_CHANGED where a shared topic is no longer the one
   *     that was followed
   */
  public Drained drain(ProgressMonitor monitor) {
    FollowedTopics topics = new FollowedTopics(source, journal, spec);
    topics.requireSame();
    List<TopicPositions> positions = lastPositions(topics, monitor);
    StoresSummary.Kafka replayed =
        new TopicReplayer(source, target, journal, context, guard).replay(monitor);
    Finding finding =
        new FollowedComparison(source, target, journal, context).compareRest(positions, monitor);
    topics.requireSame();
    // nothing may have been written since the verification
    List<CheckResult> checks =
        finding.comparedCount() + finding.mismatchCount() == 0
            ? List.of()
            : List.of(finding.toResult(CheckName.RECORD_CONTENT));
    return new Drained(StoresSummary.of(replayed), checks);
  }

  private List<TopicPositions> lastPositions(FollowedTopics topics, ProgressMonitor monitor) {
    PositionReader reader = new PositionReader(source, spec.consumerGroups());
    List<TopicPositions> all = new ArrayList<>();
    for (KafkaSpec.Topic topic : spec.topics()) {
      monitor.throwIfCancelled();
      TopicPositions read =
          journal.rememberPositions(topic.from(), () -> reader.read(topic.from()));
      if (read.partitions().size() != topics.partitionsOf(topic.from())) {
        throw new MigrationException(
            FailureType.SOURCE_CHANGED,
            "Topic %s was given partitions while its positions were read. Start the migration again."
                .formatted(topic.from()));
      }
      all.add(read);
    }
    return all;
  }
}

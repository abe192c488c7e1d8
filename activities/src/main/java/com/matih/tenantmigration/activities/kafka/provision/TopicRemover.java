package com.matih.tenantmigration.activities.kafka.provision;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.Tally;
import com.matih.tenantmigration.activities.engine.Tally.Fate;
import com.matih.tenantmigration.activities.kafka.client.Anchor;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.ReplaySettings;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.copy.WriterFence;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Undoes a migration on the dedicated cluster: its writers are fenced, then its groups' positions
 * and its topics go.
 *
 * <p>Each topic goes in one step, while the {@link RemovalGuard} keeps the tenant from being served
 * from it. Topics are deleted by their id, so never somebody else's of the same name. Every step
 * finds what is left, so that a second run completes the first.
 */
public final class TopicRemover {

  private static final Fate GONE = new Fate("topic %s is gone", "%d topics are gone");
  private static final Fate DELETED = new Fate("topic %s deleted", "%d topics deleted");
  private static final Fate EMPTIED =
      new Fate(
          "topic %s, which existed before, emptied", "%d topics, which existed before, emptied");
  private static final Fate LEFT =
      new Fate(
          "topic %s left behind: it does not belong to this migration",
          "%d topics left behind: they do not belong to this migration");
  private static final Fate GROUP_DELETED =
      new Fate("consumer group %s deleted", "%d consumer groups deleted");

  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final String migrationId;
  private final RemovalGuard guard;
  private final Tally done = new Tally();
  private final List<String> failed = new ArrayList<>();

  public TopicRemover(
      KafkaCluster target, TopicJournal journal, MigrationContext context, RemovalGuard guard) {
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.migrationId = context.migrationId();
    this.guard = guard;
  }

  /**
   * Removes what is this migration's; what is doubtful is left and named.
   *
   * @throws MigrationException where the cluster can't be reached (retryable)
   */
  public RollbackStep remove(KafkaSpec spec) {
    for (KafkaSpec.Topic topic : spec.topics()) {
      Optional<TopicFacts> found = target.topics().find(topic.to());
      if (found.isEmpty()) {
        done.add(GONE, topic.to());
        attempt("the groups of topic " + topic.to(), () -> removeGroups(topic.to(), spec));
      } else {
        attempt("topic " + topic.to(), () -> undo(found.get(), spec));
      }
    }
    attempt("the anchor", () -> guard.remove(context, "the replay's anchor", this::removeAnchor));
    String step = Compensation.DELETE_TOPICS.name();
    return failed.isEmpty()
        ? new RollbackStep(step, RollbackStep.Status.DONE, done.toString())
        : new RollbackStep(
            step,
            RollbackStep.Status.FAILED,
            String.join("; ", failed) + (done.isEmpty() ? "" : "; " + done));
  }

  /** Removes the group that holds the anchors; nothing where it is gone. */
  public void removeAnchor() {
    var unused = target.groups().delete(Anchor.group(migrationId));
  }

  private void undo(TopicFacts topic, KafkaSpec spec) {
    boolean takenOver = journal.isTakenOver(topic);
    if (!takenOver && !journal.isOurs(topic)) {
      done.add(LEFT, "%s (id %s)".formatted(topic.name(), topic.id()));
      return;
    }
    new WriterFence(target, migrationId, topic).raiseForRemoval();
    List<String> groups = groups(topic.name(), spec);
    Optional<TopicJournal.TakenOver> before = journal.takenOver(topic.name());
    guard.remove(
        context,
        "topic " + topic.name(),
        () -> {
          groups.forEach(
              group ->
                  attempt("group " + group, () -> removeGroup(group, topic.topicPartitions())));
          if (takenOver) {
            giveBack(topic, before.orElseThrow().settings());
          } else {
            target.topics().delete(topic);
            done.add(DELETED, topic.name());
          }
        });
  }

  /** The groups whose positions in the topic are this migration's. */
  private List<String> groups(String topic, KafkaSpec spec) {
    return spec.consumerGroups().stream()
        .map(KafkaSpec.ConsumerGroup::to)
        .filter(group -> journal.groupIntended(group, topic))
        .toList();
  }

  /** Of a topic that is gone; an earlier attempt may have been denied its groups. */
  private void removeGroups(String topic, KafkaSpec spec) {
    List<String> groups = groups(topic, spec);
    if (!groups.isEmpty()) {
      guard.remove(
          context,
          "the groups of topic " + topic,
          () ->
              groups.forEach(
                  group -> attempt("group " + group, () -> removeGroup(group, List.of()))));
    }
  }

  /** Positions in other topics are not this migration's; a group that has none left is deleted. */
  private void removeGroup(String group, List<TopicPartition> partitions) {
    Set<TopicPartition> ours = target.groups().positions(group, partitions).keySet();
    target.groups().removePositions(group, ours);
    Map<TopicPartition, OffsetAndMetadata> left = target.groups().positions(group);
    if (left.isEmpty() && target.groups().delete(group)) {
      done.add(GROUP_DELETED, group);
    }
  }

  /** First emptied, for which deletion has to be allowed, as it is while replaying. */
  private void giveBack(TopicFacts topic, Map<String, String> before) {
    target.topics().configure(topic, ReplaySettings.whileReplaying(before, migrationId));
    target.topics().empty(topic);
    target.topics().configure(target.topics().require(topic.name()), before);
    done.add(EMPTIED, topic.name());
  }

  private void attempt(String object, Runnable action) {
    try {
      action.run();
    } catch (MigrationException e) {
      if (e.type() == FailureType.STORE_UNREACHABLE) {
        throw e;
      }
      failed.add("%s: %s".formatted(object, e.getMessage()));
    }
  }
}

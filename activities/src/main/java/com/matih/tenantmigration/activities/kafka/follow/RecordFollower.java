package com.matih.tenantmigration.activities.kafka.follow;

import com.matih.tenantmigration.activities.engine.FollowingProgress;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.compare.FollowedComparison;
import com.matih.tenantmigration.activities.kafka.copy.TopicReplayer;
import com.matih.tenantmigration.activities.kafka.copy.UncommittedRecords;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Replays the tenant's records while it works, and then follows what arrives, in rounds.
 *
 * <ol>
 *   <li>See that the shared topics are still the same ones, and ask how far they can be read.
 *   <li>Carry over what arrived in the topics in which something did.
 *   <li>Now and then, once the check has run, compare what was carried over since: the drain then
 *       has only the last minute's records to compare.
 * </ol>
 *
 * A round in which nothing arrived is two questions to the shared cluster.
 */
public final class RecordFollower {

  /** A round that takes less leaves less than that to the next one. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(2);

  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);

  /** After that a topic's reader and writer are closed, and at once where there are many topics. */
  private static final Duration REST = Duration.ofMinutes(1);

  private static final int MOST_OPEN = 16;

  private final KafkaCluster source;
  private final KafkaCluster target;
  private final TopicJournal journal;
  private final MigrationContext context;
  private final RemovalGuard guard;
  private final KafkaSpec spec;
  private final FollowedTopics topics;
  private final TopicTakeover takeover;
  private final Pace pace;
  private final HiddenRecords hidden;

  /**
   * How often what need not be done in each round is done.
   *
   * @param renewal how old an anchor may get: brokers keep it for seven days by default
   * @param comparison how long what was carried over waits to be compared
   */
  public record Pace(Duration renewal, Duration comparison) {
    public static final Pace USUAL = new Pace(Duration.ofDays(1), Duration.ofMinutes(1));
  }

  public RecordFollower(
      KafkaCluster source,
      KafkaCluster target,
      TopicJournal journal,
      MigrationContext context,
      RemovalGuard guard,
      Pace pace) {
    this.source = source;
    this.target = target;
    this.journal = journal;
    this.context = context;
    this.guard = guard;
    this.pace = pace;
    this.spec = context.spec(KafkaSpec.class);
    this.hidden = new HiddenRecords(spec.waitForTransactions(HiddenRecords.USUAL_WAIT));
    this.topics = new FollowedTopics(source, journal, spec);
    this.takeover = new TopicTakeover(source, target, journal, context, guard);
  }

  /** Replays up to where the topics can be read now. */
  public StoresSummary.Kafka replay(ProgressMonitor monitor) {
    topics.remember();
    topics.requireSame();
    StoresSummary.Kafka replayed =
        new TopicReplayer(source, target, journal, context, guard)
            .replayWhileTenantWorks(topics.endsNow(), monitor);
    topics.requireSame();
    return replayed;
  }

  /** Follows until little is left, or until the monitor says to stop. */
  public void follow(Following following, ProgressMonitor monitor) {
    FollowingProgress progress = new FollowingProgress("records");
    topics.requireSame();
    List<FollowedTopic> followed = new ArrayList<>();
    try {
      followed.addAll(takeover.take(topics, List.of(), monitor));
      progress.opened(0);
      // what came while the checks ran waits already
      long comparedAt = System.nanoTime() - pace.comparison().toNanos();
      while (true) {
        monitor.throwIfCancelled();
        long begun = System.nanoTime();
        long last = round(followed, monitor);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        monitor.update(progress.afterRound(last, begun, told(last, took)));
        boolean isClose = took.compareTo(CAUGHT_UP) < 0;
        if (following == Following.UNTIL_CAUGHT_UP) {
          boolean isShort = hidden.isShort(search(monitor));
          if (!isShort) {
            hidden.requireAnEnd();
          }
          if (isClose && isShort) {
            settle(followed, progress, monitor);
            return;
          }
        } else if (isClose && System.nanoTime() - comparedAt > pace.comparison().toNanos()) {
          settle(followed, progress, monitor);
          comparedAt = System.nanoTime();
        }
        if (isClose) {
          monitor.pause(BETWEEN_ROUNDS);
        }
      }
    } finally {
      followed.forEach(FollowedTopic::close);
    }
  }

  /** Leaves little to the drain: says how far it is, and compares what no check will. */
  private void settle(
      List<FollowedTopic> followed, FollowingProgress progress, ProgressMonitor monitor) {
    long begun = System.nanoTime();
    List<Map<TopicPartition, OffsetAndMetadata>> groups =
        spec.consumerGroups().stream()
            .map(group -> source.groups().positions(group.from()))
            .toList();
    List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
    for (FollowedTopic each : followed) {
      tasks.add(
          shared -> {
            each.settle();
            new TopicGroups(each, target, isCompacted(each.topic())).note(groups, shared);
            return true;
          });
    }
    var unused = WorkerPool.callAll("topic", monitor, tasks);
    FollowedComparison comparison = new FollowedComparison(source, target, journal, context);
    if (comparison.hasBegun()) {
      comparison.compareOnTheWay(monitor);
    }
    // the drain reads the groups' positions and compares as well
    progress.beside(begun);
    monitor.update(progress.lastRound());
  }

  private HiddenRecords.Search search(ProgressMonitor monitor) {
    UncommittedRecords uncommitted = new UncommittedRecords(source, monitor);
    return (partition, begin, end) ->
        spec.topics().stream()
            .filter(topic -> topic.from().equals(partition.topic()))
            .anyMatch(
                topic ->
                    uncommitted
                        .firstTenants(
                            partition,
                            begin,
                            end,
                            TenantFilter.lenient(topic, context.request().tenantKey()))
                        .isPresent());
  }

  private boolean isCompacted(KafkaSpec.Topic topic) {
    return source.topics().require(topic.from()).isCompacted();
  }

  private String told(long records, Duration took) {
    return "the last round carried over %s in %s%s"
        .formatted(
            Units.plural(records, "record"),
            Units.duration(took),
            hidden.described().map("; "::concat).orElse(""));
  }

  private long round(List<FollowedTopic> followed, ProgressMonitor monitor) {
    topics.requireSame();
    Map<TopicPartition, Long> ends = source.topics().stableEnds(topics.partitions());
    hidden.look(ends, source.topics().ends(topics.partitions()));
    List<Function<ProgressMonitor, Long>> tasks = new ArrayList<>();
    for (FollowedTopic topic : followed) {
      Map<TopicPartition, Long> arrived = new HashMap<>();
      topic
          .positions()
          .forEach(
              (partition, position) -> {
                long end = ends.getOrDefault(partition, 0L);
                if (end > position) {
                  arrived.put(partition, end);
                }
              });
      tasks.add(
          shared -> {
            long carried = arrived.isEmpty() ? 0 : topic.carry(arrived, shared);
            topic.renew(pace.renewal());
            topic.rest(followed.size() > MOST_OPEN ? Duration.ZERO : REST);
            return carried;
          });
    }
    return WorkerPool.callAll("topic", monitor, tasks).stream().mapToLong(Long::longValue).sum();
  }
}

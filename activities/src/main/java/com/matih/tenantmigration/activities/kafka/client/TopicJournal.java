package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.EndOfWork;
import com.matih.tenantmigration.activities.engine.LatestAttempt;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What one migration has on record of topics and groups: which are its own, which it took over
 * empty, and where the shared side stood.
 *
 * <p>A topic is this migration's when its id was recorded after its creation. Where the worker died
 * between the two, it is known by the recorded intent together with the mark in its settings.
 */
public final class TopicJournal {

  public static final String STORE = StoreName.KAFKA.key();

  private final MigrationJournal journal;
  private final String migrationId;

  public TopicJournal(MigrationJournal journal, String migrationId) {
    this.journal = journal;
    this.migrationId = migrationId;
  }

  /**
   * A topic that was there before, empty, and is given back empty.
   *
   * @param settings its own settings as they were
   */
  public record TakenOver(String topicId, Map<String, String> settings) {
    public TakenOver {
      settings = Map.copyOf(settings);
    }
  }

  /** Where this migration's work on the dedicated cluster has ended. */
  public EndOfWork end() {
    return new EndOfWork(journal, migrationId, STORE);
  }

  /**
   * Puts an attempt at the replay on record.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException of type WRITER_SUPERSEDED where a
   *     later one has begun
   */
  public LatestAttempt begin(Attempt attempt) {
    return LatestAttempt.begin(journal, migrationId, STORE, attempt);
  }

  /** Whether this migration has changed anything on the dedicated cluster, or was about to. */
  public boolean hasTraces(List<KafkaSpec.Topic> topics) {
    return !journal.intents(migrationId, STORE).isEmpty()
        || topics.stream().anyMatch(topic -> takenOver(topic.to()).isPresent());
  }

  public void intendTopic(String topic) {
    journal.intend(migrationId, STORE, "topic:" + topic);
  }

  public void recordCreated(String topic, Uuid id) {
    journal.intend(migrationId, STORE, created(topic, id));
  }

  public boolean isOurs(TopicFacts topic) {
    return journal.intended(migrationId, STORE, created(topic.name(), topic.id()))
        || (journal.intended(migrationId, STORE, "topic:" + topic.name())
            && takenOver(topic.name()).isEmpty()
            && ReplaySettings.bearsMark(topic, migrationId));
  }

  private static String created(String topic, Uuid id) {
    return "created:%s:%s".formatted(topic, id);
  }

  public TakenOver takeOver(TopicFacts topic) {
    return journal.remember(
        migrationId,
        STORE,
        takenOverName(topic.name()),
        TakenOver.class,
        () -> new TakenOver(topic.id().toString(), topic.ownSettings()));
  }

  public Optional<TakenOver> takenOver(String topic) {
    return journal.recall(migrationId, STORE, takenOverName(topic), TakenOver.class);
  }

  /** Whether it is the very topic that was taken over. */
  public boolean isTakenOver(TopicFacts topic) {
    return takenOver(topic.name())
        .filter(taken -> taken.topicId().equals(topic.id().toString()))
        .isPresent();
  }

  private static String takenOverName(String topic) {
    return "taken-over:" + topic;
  }

  /** Records that from now on records in the topic are of this migration's replay. */
  public void intendReplay(String topic) {
    journal.intend(migrationId, STORE, "replay:" + topic);
  }

  public boolean replayIntended(String topic) {
    return journal.intended(migrationId, STORE, "replay:" + topic);
  }

  /** Records that the group's positions on a topic are from now on this migration's. */
  public void intendGroup(String group, String topic) {
    journal.intend(migrationId, STORE, groupName(group, topic));
  }

  public boolean groupIntended(String group, String topic) {
    return journal.intended(migrationId, STORE, groupName(group, topic));
  }

  private static String groupName(String group, String topic) {
    return "group:%s:%s".formatted(group, topic);
  }

  public TopicPositions rememberPositions(String sharedTopic, Supplier<TopicPositions> first) {
    return journal.remember(
        migrationId, STORE, "positions:" + sharedTopic, TopicPositions.class, first);
  }

  public Optional<TopicPositions> positions(String sharedTopic) {
    return journal.recall(migrationId, STORE, "positions:" + sharedTopic, TopicPositions.class);
  }

  /**
   * A shared topic as it was when its replay began.
   *
   * @param begins the first retained offset of each partition, by number
   */
  public record Followed(String topicId, List<Long> begins) {
    public Followed {
      begins = List.copyOf(begins);
    }
  }

  /** The shared topic as the first attempt at its replay found it. */
  public Followed rememberFollowed(String sharedTopic, Supplier<Followed> first) {
    return journal.remember(migrationId, STORE, followedName(sharedTopic), Followed.class, first);
  }

  public Optional<Followed> followed(String sharedTopic) {
    return journal.recall(migrationId, STORE, followedName(sharedTopic), Followed.class);
  }

  private static String followedName(String sharedTopic) {
    return "followed:" + sharedTopic;
  }

  /**
   * Where a shared partition's offsets are on the dedicated one, at some points.
   *
   * @param topicId the dedicated topic's
   * @param points shared offset, dedicated offset and number of records before, one after the other
   * @param places the same where groups stood that are far behind
   */
  public record Offsets(String topicId, List<Long> points, List<Long> places) {
    public Offsets {
      points = List.copyOf(points);
      places = List.copyOf(places);
    }
  }

  public void putOffsets(TopicPartition dedicated, Offsets offsets) {
    journal.put(migrationId, STORE, "offsets:" + dedicated, offsets);
  }

  public Optional<Offsets> offsets(TopicPartition dedicated) {
    return journal.recall(migrationId, STORE, "offsets:" + dedicated, Offsets.class);
  }

  /**
   * The settings that the dedicated cluster gives a topic that has none of its own.
   *
   * @param values by name
   */
  public record Defaults(Map<String, String> values) {
    public Defaults {
      values = Map.copyOf(values);
    }
  }

  /** Remembers them before the topic is created: its own settings hide some of them later. */
  public Defaults rememberDefaults(String dedicatedTopic, Supplier<Defaults> first) {
    return journal.remember(
        migrationId, STORE, "defaults:" + dedicatedTopic, Defaults.class, first);
  }

  public Optional<Defaults> defaults(String dedicatedTopic) {
    return journal.recall(migrationId, STORE, "defaults:" + dedicatedTopic, Defaults.class);
  }

  /**
   * How far both sides of a partition were compared and found alike.
   *
   * @param topicId the dedicated topic's
   * @param source the shared offset that is compared next
   * @param dedicated the dedicated offset that is compared next
   * @param records how many of the tenant's records are before it
   * @param untold how many records were compared that no check has counted yet
   */
  public record Compared(String topicId, long source, long dedicated, long records, long untold) {}

  public void putCompared(TopicPartition dedicated, Compared compared) {
    journal.put(migrationId, STORE, "compared:" + dedicated, compared);
  }

  public Optional<Compared> compared(TopicPartition dedicated) {
    return journal.recall(migrationId, STORE, "compared:" + dedicated, Compared.class);
  }

  /** Forgets what holds only for the records that were on the dedicated topic. */
  public void forgetReplayed(TopicFacts dedicated) {
    for (TopicPartition partition : dedicated.topicPartitions()) {
      journal.forget(migrationId, STORE, "offsets:" + partition);
      journal.forget(migrationId, STORE, "compared:" + partition);
    }
  }
}

package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of one cluster: described, created, configured, emptied, deleted.
 *
 * <p>Who may read a topic may describe it, and a migration reads all of its topics. So READ is what
 * is missing where one may not be described.
 */
public final class Topics {

  private static final Duration PROPAGATION = Duration.ofSeconds(20);

  /** From the replay to the cutover, or to the rollback. */
  private static final List<AclOperation> OF_DEDICATED_TOPICS =
      List.of(
          AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE, AclOperation.ALTER_CONFIGS);

  private final KafkaCluster cluster;

  Topics(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /** The topic of that name, or nothing where there is none. */
  public Optional<TopicFacts> find(String topic) {
    Optional<TopicDescription> description =
        cluster.awaitUnless(
            Topics::isAbsent,
            Call.of("describe topic " + topic).topic(AclOperation.READ, topic),
            cluster.admin().describeTopics(List.of(topic)).topicNameValues().get(topic));
    return description.flatMap(this::withSettings);
  }

  /** There is no topic of a name that no topic can have. */
  private static boolean isAbsent(Throwable thrown) {
    return thrown instanceof UnknownTopicOrPartitionException
        || thrown instanceof InvalidTopicException;
  }

  /**
   * The topic of that name.
   *
   * @throws MigrationException of type SOURCE_CHANGED where it is gone
   */
  public TopicFacts require(String topic) {
    return find(topic)
        .orElseThrow(
            () ->
                new MigrationException(
                    FailureType.SOURCE_CHANGED,
                    "%s no longer has topic %s. Somebody deleted it since the plan."
                        .formatted(cluster.name(), topic)));
  }

  private Optional<TopicFacts> withSettings(TopicDescription description) {
    String topic = description.name();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Optional<Config> config =
        cluster.awaitUnless(
            Topics::isAbsent,
            Call.of("describe the settings of topic " + topic)
                .topic(AclOperation.DESCRIBE_CONFIGS, topic),
            cluster
                .admin()
                .describeConfigs(
                    List.of(resource), new DescribeConfigsOptions().includeSynonyms(true))
                .values()
                .get(resource));
    return config.map(entries -> facts(description, entries));
  }

  private static TopicFacts facts(TopicDescription description, Config config) {
    Map<String, String> own = new HashMap<>();
    Map<String, String> all = new HashMap<>();
    Map<String, String> defaults = new HashMap<>();
    for (ConfigEntry entry : config.entries()) {
      defaultOf(entry).ifPresent(value -> defaults.put(entry.name(), value));
      if (entry.value() != null) {
        all.put(entry.name(), entry.value());
        if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
          own.put(entry.name(), entry.value());
        }
      }
    }
    return new TopicFacts(
        description.name(),
        description.topicId(),
        description.partitions().size(),
        description.partitions().get(0).replicas().size(),
        own,
        all,
        defaults);
  }

  private static Optional<String> defaultOf(ConfigEntry entry) {
    if (entry.source() != ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
      return Optional.ofNullable(entry.value());
    }
    return entry.synonyms().stream()
        .filter(each -> each.source() != ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .filter(each -> each.value() != null)
        .findFirst()
        .map(ConfigEntry.ConfigSynonym::value);
  }

  /** How many brokers the cluster has, which no topic can have more replicas than. */
  public int brokers() {
    return cluster
        .await(Call.of("describe itself"), cluster.admin().describeCluster().nodes())
        .size();
  }

  /** The topic's offsets, partition by partition, open transactions included. */
  public Map<Integer, OffsetRange> ranges(TopicFacts topic) {
    Map<TopicPartition, Long> begins =
        offsets(topic.topicPartitions(), OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> ends =
        offsets(topic.topicPartitions(), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    begins.forEach(
        (partition, begin) ->
            ranges.put(partition.partition(), new OffsetRange(begin, ends.get(partition))));
    return ranges;
  }

  /** Up to where a partition can be read, which an open transaction holds back. */
  long stableEnd(TopicPartition partition) {
    return stableEnds(List.of(partition)).get(partition);
  }

  /** Up to where partitions can be read, which an open transaction holds back. */
  public Map<TopicPartition, Long> stableEnds(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
  }

  /** The partitions' ends, open transactions included. */
  public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /** A partition's first retained offset. */
  public long begin(TopicPartition partition) {
    return begins(List.of(partition)).get(partition);
  }

  /** The partitions' first retained offsets. */
  public Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
    return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /**
   * What tells a topic from another one of its name.
   *
   * @param partitions how many it has now
   */
  public record Identity(Uuid id, int partitions) {}

  /** The topics of these names, asked for at once; one that is not there is left out. */
  public Map<String, Identity> identities(List<String> names) {
    DescribeTopicsResult described = cluster.admin().describeTopics(names);
    Map<String, Identity> present = new HashMap<>();
    for (String name : names) {
      cluster
          .awaitUnless(
              Topics::isAbsent,
              Call.of("describe topic " + name).topic(AclOperation.READ, name),
              described.topicNameValues().get(name))
          .ifPresent(
              topic -> present.put(name, new Identity(topic.topicId(), topic.partitions().size())));
    }
    return present;
  }

  private Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> query = new HashMap<>();
    partitions.forEach(partition -> query.put(partition, spec));
    ListOffsetsResult listed =
        cluster.admin().listOffsets(query, new ListOffsetsOptions(isolation));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      offsets.put(
          partition,
          cluster
              .await(
                  Call.of("return the offsets of " + partition)
                      .topic(AclOperation.READ, partition.topic()),
                  listed.partitionResult(partition))
              .offset());
    }
    return offsets;
  }

  /**
   * Asks the cluster whether it would create the topic, without creating it.
   *
   * @return the settings that would be in force; none where the cluster does not tell them
   */
  public Map<String, String> validate(NewTopic topic) {
    CreateTopicsResult result =
        cluster.admin().createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true));
    cluster.await(
        Call.of("agree to create topic " + topic.name()).topic(AclOperation.CREATE, topic.name()),
        result.all());
    Map<String, String> settings = new HashMap<>();
    cluster
        .awaitUnless(
            TopicAuthorizationException.class::isInstance,
            Call.of("tell the settings of topic " + topic.name())
                .topic(AclOperation.DESCRIBE_CONFIGS, topic.name()),
            result.config(topic.name()))
        .ifPresent(
            config ->
                config.entries().stream()
                    .filter(entry -> entry.value() != null)
                    .forEach(entry -> settings.put(entry.name(), entry.value())));
    return settings;
  }

  /** Creates the topic and waits until it is seen; nothing where one of that name exists. */
  public Optional<Uuid> create(NewTopic topic) {
    Optional<Uuid> created =
        DurableAct.CREATE_TOPIC.call(
            () ->
                cluster.awaitUnless(
                    TopicExistsException.class::isInstance,
                    Call.of("create topic " + topic.name())
                        .topic(AclOperation.CREATE, topic.name()),
                    cluster.admin().createTopics(List.of(topic)).topicId(topic.name())));
    created.ifPresent(
        id ->
            waitUntil(
                "show the new topic " + topic.name(),
                () -> find(topic.name()).filter(seen -> seen.id().equals(id)).isPresent()));
    return created;
  }

  /**
   * Asks the cluster whether it would let us make these settings of a topic, which need not exist,
   * without making them: who may not is denied before it is seen that there is no such topic.
   */
  public void validateSettings(String topic, Map<String, String> settings) {
    Collection<AlterConfigOp> changes = new ArrayList<>();
    settings.forEach(
        (key, value) ->
            changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    var unused =
        cluster.completes(
            Topics::isAbsent,
            changingSettings(topic),
            cluster
                .admin()
                .incrementalAlterConfigs(
                    Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes),
                    new AlterConfigsOptions().validateOnly(true))
                .all());
  }

  private static Call changingSettings(String topic) {
    return Call.of("change the settings of topic " + topic)
        .topic(AclOperation.ALTER_CONFIGS, topic);
  }

  /**
   * Asks whether the migration's user may do what later steps do with a dedicated topic.
   *
   * @throws MigrationException of type PERMISSION_DENIED where it may not
   */
  public void requireRights(String topic) {
    Set<AclOperation> allowed =
        cluster
            .await(
                Call.of("describe topic " + topic).topic(AclOperation.READ, topic),
                cluster
                    .admin()
                    .describeTopics(
                        List.of(topic),
                        new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues()
                    .get(topic))
            .authorizedOperations();
    for (AclOperation needed : OF_DEDICATED_TOPICS) {
      // some clusters do not tell
      if (allowed != null && !allowed.contains(needed)) {
        throw cluster.failure(
            Call.of("let records be replayed into topic " + topic).topic(needed, topic),
            new TopicAuthorizationException(Set.of(topic)));
      }
    }
  }

  /** Gives the topic exactly these settings of its own, and removes all others. */
  public void configure(TopicFacts topic, Map<String, String> wanted) {
    Collection<AlterConfigOp> changes = new ArrayList<>();
    wanted.forEach(
        (key, value) ->
            changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
    topic.ownSettings().keySet().stream()
        .filter(key -> !wanted.containsKey(key))
        .forEach(
            key ->
                changes.add(
                    new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE)));
    if (wanted.equals(topic.ownSettings())) {
      return;
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    DurableAct.CONFIGURE_TOPIC.run(
        () ->
            cluster.await(
                changingSettings(topic.name()),
                cluster.admin().incrementalAlterConfigs(Map.of(resource, changes)).all()));
  }

  /** Removes all records of the topic, which has to allow deletion. */
  public void empty(TopicFacts topic) {
    Map<TopicPartition, RecordsToDelete> toTheEnd = new HashMap<>();
    topic
        .topicPartitions()
        .forEach(partition -> toTheEnd.put(partition, RecordsToDelete.beforeOffset(-1)));
    cluster.await(
        Call.of("delete the records of topic " + topic.name())
            .topic(AclOperation.DELETE, topic.name()),
        cluster.admin().deleteRecords(toTheEnd).all());
  }

  /**
   * Deletes the topic of that id, whatever else has its name, and waits until it is gone; nothing
   * where it is gone already.
   */
  public void delete(TopicFacts topic) {
    var unused =
        DurableAct.DELETE_TOPIC.call(
            () ->
                cluster.completes(
                    UnknownTopicIdException.class::isInstance,
                    Call.of("delete topic " + topic.name())
                        .topic(AclOperation.DELETE, topic.name()),
                    cluster
                        .admin()
                        .deleteTopics(TopicCollection.ofTopicIds(List.of(topic.id())))
                        .all()));
    waitUntil(
        "forget topic " + topic.name(),
        () -> find(topic.name()).filter(seen -> seen.id().equals(topic.id())).isEmpty());
  }

  /** Brokers learn of what the controller did a moment later. */
  private void waitUntil(String expected, BooleanSupplier reached) {
    Instant deadline = Instant.now().plus(PROPAGATION);
    while (!reached.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        throw cluster.failure(Call.of(expected), new TimeoutException());
      }
      cluster.pause(Duration.ofMillis(50));
    }
  }
}

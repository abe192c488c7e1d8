package com.matih.tenantmigration.activities.kafka.client;

import static java.util.stream.Collectors.toSet;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer groups of one cluster and their positions. */
public final class Groups {

  /** So long the writing of a transaction's end may take on a busy cluster. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Groups.class);
  private static final String LONGEST_METADATA = "offset.metadata.max.bytes";

  private final KafkaCluster cluster;

  Groups(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /** Every position that the group has committed, on whatever topic; empty for no such group. */
  public Map<TopicPartition, OffsetAndMetadata> positions(String group) {
    return committed(
        cluster.await(
            Call.of("return the positions of group " + group).group(AclOperation.DESCRIBE, group),
            cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group)));
  }

  /** The answers about many groups, each of which is waited for when it is needed. */
  public final class Asked {

    private final ListConsumerGroupOffsetsResult positions;
    private final Map<String, KafkaFuture<ConsumerGroupDescription>> described;
    private final Map<String, KafkaFuture<Void>> commits = new HashMap<>();
    private final Map<String, KafkaFuture<Void>> removals = new HashMap<>();

    private Asked(Collection<String> groups) {
      Map<String, ListConsumerGroupOffsetsSpec> every = new HashMap<>();
      groups.forEach(group -> every.put(group, new ListConsumerGroupOffsetsSpec()));
      this.positions = cluster.admin().listConsumerGroupOffsets(every);
      this.described = cluster.admin().describeConsumerGroups(groups).describedGroups();
    }

    /** As {@link Groups#positions(String)}. */
    public Map<TopicPartition, OffsetAndMetadata> positions(String group) {
      return committed(
          cluster.await(
              Call.of("return the positions of group " + group).group(AclOperation.DESCRIBE, group),
              positions.partitionsToOffsetAndMetadata(group)));
    }

    /**
     * Asks whether positions may be committed for the groups, which need not exist: who may not is
     * denied before it is seen that a group has no such member.
     */
    public Asked withCommits() {
      MemberToRemove nobody = new MemberToRemove("tenant-migration-nobody");
      for (String group : described.keySet()) {
        commits.put(
            group,
            cluster
                .admin()
                .removeMembersFromConsumerGroup(
                    group, new RemoveMembersFromConsumerGroupOptions(List.of(nobody)))
                .memberResult(nobody));
      }
      return this;
    }

    /**
     * Asks whether positions of the groups may be removed, of a partition that no topic has: who
     * may not is denied before that is seen.
     *
     * @param topic one that may be read
     */
    public Asked withRemovals(String topic) {
      Set<TopicPartition> none = Set.of(new TopicPartition(topic, Integer.MAX_VALUE));
      for (String group : described.keySet()) {
        removals.put(group, cluster.admin().deleteConsumerGroupOffsets(group, none).all());
      }
      return this;
    }

    /**
     * Lets a group pass that positions may be committed for, as far as that was asked.
     *
     * @throws MigrationException of type PERMISSION_DENIED otherwise
     */
    public void requireCommits(String group) {
      require(
          commits.get(group),
          Call.of("take positions of group " + group).group(AclOperation.READ, group));
    }

    /**
     * Lets a group pass that positions may be removed of, as far as that was asked.
     *
     * @throws MigrationException of type PERMISSION_DENIED otherwise
     */
    public void requireRemovals(String group) {
      require(
          removals.get(group),
          Call.of("remove positions of group " + group).group(AclOperation.DELETE, group));
    }

    private void require(@Nullable KafkaFuture<Void> asked, Call call) {
      if (asked != null) {
        var unused =
            cluster.completes(any -> !(any instanceof GroupAuthorizationException), call, asked);
      }
    }

    /** As {@link Groups#members}. */
    public int members(String group) {
      return Groups.this.members(group, described.get(group));
    }
  }

  /** Asks for the positions and the members of all groups at once. */
  public Asked ask(Collection<String> groups) {
    return new Asked(new HashSet<>(groups));
  }

  /** The positions that the group has committed on these partitions. */
  public Map<TopicPartition, OffsetAndMetadata> positions(
      String group, Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> all = positions(group);
    all.keySet().retainAll(new HashSet<>(partitions));
    return all;
  }

  /**
   * The positions on these partitions, of which none may be about to change. A transaction that is
   * committed settles moments later.
   *
   * @throws MigrationException of type STORE_ERROR (retryable) while a transaction stays open that
   *     would change one
   */
  public Map<TopicPartition, OffsetAndMetadata> settledPositions(
      String group, List<TopicPartition> partitions) {
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    while (true) {
      Map<TopicPartition, OffsetAndMetadata> listed = listSettled(group, partitions);
      if (listed.keySet().containsAll(partitions)) {
        return committed(listed);
      }
      if (System.nanoTime() >= deadline) {
        throw new MigrationException(
            FailureType.STORE_ERROR,
            "%s is still completing a transaction of group %s; the step is retried."
                .formatted(cluster.name(), group));
      }
      cluster.pause(Duration.ofMillis(50));
    }
  }

  /** The client leaves out a partition whose position is not settled; null is no position. */
  private Map<TopicPartition, OffsetAndMetadata> listSettled(
      String group, List<TopicPartition> partitions) {
    ListConsumerGroupOffsetsSpec which =
        new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
    return cluster.await(
        Call.of("return the positions of group " + group).group(AclOperation.DESCRIBE, group),
        cluster
            .admin()
            .listConsumerGroupOffsets(
                Map.of(group, which), new ListConsumerGroupOffsetsOptions().requireStable(true))
            .partitionsToOffsetAndMetadata(group));
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Map<TopicPartition, OffsetAndMetadata> listed) {
    Map<TopicPartition, OffsetAndMetadata> present = new HashMap<>(listed);
    present.values().removeIf(position -> position == null);
    return present;
  }

  /** The cluster's share groups, whose consumers share partitions and have no positions. */
  public Set<String> shareGroups() {
    return cluster
        .await(
            Call.of("list its share groups"),
            cluster
                .admin()
                .listGroups(new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE)))
                .all())
        .stream()
        .map(GroupListing::groupId)
        .collect(toSet());
  }

  /** How many characters a position's metadata may have; empty where the brokers do not tell us. */
  public OptionalInt longestMetadata() {
    try {
      Collection<Node> brokers =
          cluster.await(Call.of("describe itself"), cluster.admin().describeCluster().nodes());
      return cluster
          .await(
              Call.of("tell its brokers' settings"),
              cluster
                  .admin()
                  .describeConfigs(
                      brokers.stream()
                          .map(
                              each ->
                                  new ConfigResource(ConfigResource.Type.BROKER, each.idString()))
                          .toList())
                  .all())
          .values()
          .stream()
          .map(settings -> settings.get(LONGEST_METADATA))
          .filter(Objects::nonNull)
          .mapToInt(setting -> Integer.parseInt(setting.value()))
          .min();
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      log.info("how long metadata of positions may be cannot be told: {}", e.getMessage());
      return OptionalInt.empty();
    }
  }

  /** How many consumers are in the group now. */
  public int members(String group) {
    return members(
        group, cluster.admin().describeConsumerGroups(List.of(group)).describedGroups().get(group));
  }

  private int members(String group, KafkaFuture<ConsumerGroupDescription> described) {
    return cluster
        .awaitUnless(
            GroupIdNotFoundException.class::isInstance,
            Call.of("describe group " + group).group(AclOperation.DESCRIBE, group),
            described.thenApply(ConsumerGroupDescription::members))
        .map(Collection::size)
        .orElse(0);
  }

  /** Removes the group's positions on these partitions, and keeps its others. */
  public void removePositions(String group, Collection<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      var unused =
          cluster.completes(
              GroupIdNotFoundException.class::isInstance,
              removingPositions(group, partitions),
              cluster.admin().deleteConsumerGroupOffsets(group, new HashSet<>(partitions)).all());
    }
  }

  /**
   * Asks whether a topic, which need not exist, may be read by who may commit positions of the
   * group. The position is one of a partition that no topic has, so it is not taken.
   *
   * @throws MigrationException of type PERMISSION_DENIED where it may not
   */
  public void requireReadable(String group, String topic) {
    Map<TopicPartition, OffsetAndMetadata> none =
        Map.of(new TopicPartition(topic, Integer.MAX_VALUE), new OffsetAndMetadata(0));
    var unused =
        cluster.completes(
            any -> !(any instanceof TopicAuthorizationException),
            Call.of("agree to a replay into topic " + topic).topic(AclOperation.READ, topic),
            cluster.admin().alterConsumerGroupOffsets(group, none).all());
  }

  private static Call removingPositions(String group, Collection<TopicPartition> partitions) {
    Call call = Call.of("remove positions of group " + group).group(AclOperation.DELETE, group);
    for (TopicPartition each : partitions) {
      call = call.topic(AclOperation.READ, each.topic());
    }
    return call;
  }

  /** Deletes the group; tells whether there was one. */
  public boolean delete(String group) {
    return DurableAct.DELETE_GROUP.call(
        () ->
            cluster.completes(
                GroupIdNotFoundException.class::isInstance,
                Call.of("delete group " + group).group(AclOperation.DELETE, group),
                cluster.admin().deleteConsumerGroups(List.of(group)).all()));
  }
}

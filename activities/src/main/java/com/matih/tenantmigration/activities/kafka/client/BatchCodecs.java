package com.matih.tenantmigration.activities.kafka.client;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * What the batches of a topic are compressed with. Not every client can read every codec, but those
 * that read the topic can read what is in it.
 *
 * <p>A consumer is not told: it hands out records decompressed. So some of the oldest and of the
 * newest batches are fetched below it.
 */
public final class BatchCodecs {

  /** The quick ones first. */
  private static final List<CompressionType> BY_PREFERENCE =
      List.of(
          CompressionType.LZ4,
          CompressionType.ZSTD,
          CompressionType.SNAPPY,
          CompressionType.GZIP,
          CompressionType.NONE);

  /** How many offsets before its end a partition's newest batches are looked for. */
  private static final int NEWEST = 20;

  private static final int BYTES_OF_A_PARTITION = 64 * 1024;
  private static final int BYTES = 4 * 1024 * 1024;
  private static final int MILLIS = 10_000;

  /** The last version that names topics, which each broker knows that our clients can talk to. */
  private static final short VERSION = 12;

  private final KafkaCluster cluster;
  private final String topic;

  private BatchCodecs(KafkaCluster cluster, String topic) {
    this.cluster = cluster;
    this.topic = topic;
  }

  /** The codec to write copies of a topic's records with; none where it has no records. */
  public static String of(KafkaCluster cluster, String topic) {
    Set<CompressionType> found = new BatchCodecs(cluster, topic).find();
    return BY_PREFERENCE.stream()
        .filter(found::contains)
        .findFirst()
        .orElse(CompressionType.NONE)
        .name;
  }

  private Set<CompressionType> find() {
    Map<TopicPartition, Node> leaders = leaders();
    List<TopicPartition> partitions = List.copyOf(leaders.keySet());
    Map<TopicPartition, Long> begins = cluster.topics().begins(partitions);
    Map<TopicPartition, Long> ends = cluster.topics().ends(partitions);
    Map<TopicPartition, Long> oldest = new HashMap<>();
    Map<TopicPartition, Long> newest = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, 0L);
      if (begin < end) {
        oldest.put(partition, begin);
        newest.put(partition, Math.max(begin, end - NEWEST));
      }
    }
    Set<CompressionType> found = EnumSet.noneOf(CompressionType.class);
    for (Node leader : Set.copyOf(leaders.values())) {
      for (Map<TopicPartition, Long> offsets : List.of(newest, oldest)) {
        Map<TopicPartition, FetchRequest.PartitionData> wanted = new HashMap<>();
        offsets.forEach(
            (partition, offset) -> {
              if (leader.equals(leaders.get(partition))) {
                wanted.put(partition, from(offset));
              }
            });
        if (!wanted.isEmpty()) {
          fetch(leader, wanted).forEach(found::add);
        }
      }
    }
    return found;
  }

  /** By its name: the version has no ids. */
  private static FetchRequest.PartitionData from(long offset) {
    return new FetchRequest.PartitionData(
        Uuid.ZERO_UUID,
        offset,
        FetchRequest.INVALID_LOG_START_OFFSET,
        BYTES_OF_A_PARTITION,
        Optional.empty());
  }

  /** Who may read may do this as well. */
  private Map<TopicPartition, Node> leaders() {
    Map<TopicPartition, Node> leaders = new HashMap<>();
    cluster
        .await(
            reading(), cluster.admin().describeTopics(List.of(topic)).topicNameValues().get(topic))
        .partitions()
        .forEach(
            partition -> {
              if (partition.leader() != null) {
                leaders.put(new TopicPartition(topic, partition.partition()), partition.leader());
              }
            });
    return leaders;
  }

  private Call reading() {
    return Call.of("hand out batches of topic " + topic).topic(AclOperation.READ, topic);
  }

  private Stream<CompressionType> fetch(
      Node leader, Map<TopicPartition, FetchRequest.PartitionData> wanted) {
    ConsumerConfig settings = new ConsumerConfig(cluster.readerSettings());
    LogContext log = new LogContext();
    try (Metrics metrics = new Metrics();
        NetworkClient client =
            new NetworkClient(
                new Selector(
                    MILLIS,
                    metrics,
                    Time.SYSTEM,
                    "batch-codecs",
                    ClientUtils.createChannelBuilder(settings, Time.SYSTEM, log),
                    log),
                new ManualMetadataUpdater(List.of(leader)),
                settings.getString(ConsumerConfig.CLIENT_ID_CONFIG),
                1,
                0,
                0,
                settings.getInt(ConsumerConfig.SEND_BUFFER_CONFIG),
                settings.getInt(ConsumerConfig.RECEIVE_BUFFER_CONFIG),
                MILLIS,
                MILLIS,
                MILLIS,
                Time.SYSTEM,
                true,
                new ApiVersions(),
                log,
                MetadataRecoveryStrategy.NONE)) {
      if (!NetworkClientUtils.awaitReady(client, leader, Time.SYSTEM, MILLIS)) {
        throw cluster.failure(reading(), new DisconnectException());
      }
      ClientRequest request =
          client.newClientRequest(
              leader.idString(),
              FetchRequest.Builder.forConsumer(VERSION, 0, 0, wanted).setMaxBytes(BYTES),
              Time.SYSTEM.milliseconds(),
              true);
      FetchResponse response =
          (FetchResponse)
              NetworkClientUtils.sendAndReceive(client, request, Time.SYSTEM).responseBody();
      return response.responseData(Map.of(), VERSION).values().stream()
          .flatMap(BatchCodecs::codecs);
    } catch (IOException e) {
      throw cluster.failure(reading(), new DisconnectException());
    } catch (KafkaException e) {
      throw cluster.failure(reading(), e);
    }
  }

  /** Markers of transactions are never compressed. */
  private static Stream<CompressionType> codecs(FetchResponseData.PartitionData partition) {
    Set<CompressionType> codecs = EnumSet.noneOf(CompressionType.class);
    for (RecordBatch batch : FetchResponse.recordsOrFail(partition).batches()) {
      if (!batch.isControlBatch()) {
        codecs.add(batch.compressionType());
      }
    }
    return codecs.stream();
  }
}

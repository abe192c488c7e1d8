package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.kafka.client.Call;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.Metadata;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a broker whether the user may write to topics that do not exist yet, and delete them. The
 * clients look for a topic's leader first, so these requests go to any broker instead: it looks at
 * rights before it looks for the partition, which no topic has, so nothing is ever changed.
 */
final class TopicRights {

  private static final Logger log = LoggerFactory.getLogger(TopicRights.class);

  private static final int NO_PARTITION = Integer.MAX_VALUE;
  private static final int ANSWER_MILLIS = 5_000;
  private static final long NO_PRODUCER = -1;
  private static final short NO_EPOCH = -1;

  private final KafkaCluster target;
  private final List<String> topics;
  private final PlanNotes notes;

  TopicRights(KafkaCluster target, List<String> topics, PlanNotes notes) {
    this.target = target;
    this.topics = topics;
    this.notes = notes;
  }

  /**
   * Refuses by name what is missing. What a cluster does not answer is asked for again when the
   * topic was created.
   *
   * @param transactionalId one in which records would be written
   */
  void plan(String transactionalId) {
    AdminClientConfig settings = new AdminClientConfig(target.adminSettings());
    Time time = Time.SYSTEM;
    Metadata brokers = new BrokersAlone();
    brokers.bootstrap(ClientUtils.parseAndValidateAddresses(settings));
    try (Metrics metrics = new Metrics();
        KafkaClient client =
            ClientUtils.createNetworkClient(
                settings,
                metrics,
                "rights",
                new LogContext(),
                new ApiVersions(),
                time,
                1,
                brokers,
                null,
                null)) {
      planWriting(ask(client, writing(transactionalId)), transactionalId);
      planDeleting(ask(client, deleting()));
    } catch (IOException | KafkaException e) {
      log.info("{} does not tell the rights to topics that do not exist", target.name(), e);
    }
  }

  /** Of a cluster, whose topics may be many. */
  private static final class BrokersAlone extends Metadata {

    BrokersAlone() {
      super(100, 1_000, 60_000, new LogContext(), new ClusterResourceListeners());
    }

    @Override
    protected MetadataRequest.Builder newMetadataRequestBuilder() {
      return new MetadataRequest.Builder(List.of(), false);
    }
  }

  private AbstractRequest.Builder<?> writing(String transactionalId) {
    return AddPartitionsToTxnRequest.Builder.forClient(
        transactionalId,
        NO_PRODUCER,
        NO_EPOCH,
        topics.stream().map(topic -> new TopicPartition(topic, NO_PARTITION)).toList());
  }

  private AbstractRequest.Builder<?> deleting() {
    DeleteRecordsRequestData none = new DeleteRecordsRequestData().setTimeoutMs(ANSWER_MILLIS);
    for (String topic : topics) {
      none.topics()
          .add(
              new DeleteRecordsTopic()
                  .setName(topic)
                  .setPartitions(
                      List.of(
                          new DeleteRecordsPartition()
                              .setPartitionIndex(NO_PARTITION)
                              .setOffset(0))));
    }
    return new DeleteRecordsRequest.Builder(none);
  }

  private static AbstractResponse ask(KafkaClient client, AbstractRequest.Builder<?> question)
      throws IOException {
    Time time = Time.SYSTEM;
    Node broker = client.leastLoadedNode(time.milliseconds()).node();
    if (broker == null || !NetworkClientUtils.awaitReady(client, broker, time, ANSWER_MILLIS)) {
      throw new IOException("no broker takes a connection");
    }
    ClientRequest request =
        client.newClientRequest(
            broker.idString(), question, time.milliseconds(), true, ANSWER_MILLIS, null);
    return NetworkClientUtils.sendAndReceive(client, request, time).responseBody();
  }

  private void planWriting(AbstractResponse answer, String transactionalId) {
    Map<TopicPartition, Errors> errors =
        ((AddPartitionsToTxnResponse) answer)
            .errors()
            .getOrDefault(AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID, Map.of());
    if (errors.containsValue(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)) {
      refuse(
          "kafka.target",
          Call.of("take records in a transaction")
              .transactionalId(AclOperation.WRITE, transactionalId),
          new TransactionalIdAuthorizationException("denied"));
    }
    refuseTopics(
        errors.entrySet().stream()
            .filter(each -> each.getValue() == Errors.TOPIC_AUTHORIZATION_FAILED)
            .map(each -> each.getKey().topic())
            .collect(Collectors.toSet()),
        AclOperation.WRITE);
  }

  private void planDeleting(AbstractResponse answer) {
    refuseTopics(
        ((DeleteRecordsResponse) answer)
            .data().topics().stream()
                .filter(
                    topic ->
                        topic.partitions().stream()
                            .anyMatch(
                                each ->
                                    each.errorCode() == Errors.TOPIC_AUTHORIZATION_FAILED.code()))
                .map(topic -> topic.name())
                .collect(Collectors.toSet()),
        AclOperation.DELETE);
  }

  private void refuseTopics(Set<String> denied, AclOperation operation) {
    for (String topic : topics) {
      if (denied.contains(topic)) {
        refuse(
            topic,
            Call.of("agree to a replay into topic " + topic).topic(operation, topic),
            new TopicAuthorizationException(Set.of(topic)));
      }
    }
  }

  private void refuse(String object, Call call, KafkaException denied) {
    notes.refuse(
        Refusal.of(
            StoreName.KAFKA,
            object,
            String.valueOf(target.failure(call, denied).getMessage()),
            TopicPlanner.GRANT));
  }
}

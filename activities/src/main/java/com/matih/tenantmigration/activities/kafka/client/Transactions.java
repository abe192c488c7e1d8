package com.matih.tenantmigration.activities.kafka.client;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** The transactional ids of one cluster. */
public final class Transactions {

  private final KafkaCluster cluster;

  Transactions(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The state of the id's transaction; nothing for an id that was never used.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException of type STORE_UNREACHABLE where
   *     the cluster has no coordinator for it, of type BAD_REQUEST where it is too old to say
   */
  public Optional<TransactionState> state(String id) {
    return cluster
        .awaitUnless(
            TransactionalIdNotFoundException.class::isInstance,
            Call.of("describe the transaction of " + id).transactionalId(AclOperation.DESCRIBE, id),
            cluster.admin().describeTransactions(List.of(id)).description(id))
        .map(TransactionDescription::state);
  }
}

package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/**
 * What each error of Kafka's protocol means: whether the same call may succeed when it is tried
 * again, and which failure it is.
 *
 * <p>What is no error of the protocol is a client's, which may pass: a new attempt has new clients.
 */
final class KafkaErrors {

  /** Of a broker, a leader, a coordinator or a quota, or of a client that is replaced. */
  private static final List<Errors> PASSING =
      List.of(
          Errors.UNKNOWN_SERVER_ERROR,
          Errors.NONE,
          Errors.OFFSET_OUT_OF_RANGE,
          Errors.CORRUPT_MESSAGE,
          Errors.UNKNOWN_TOPIC_OR_PARTITION,
          Errors.LEADER_NOT_AVAILABLE,
          Errors.NOT_LEADER_OR_FOLLOWER,
          Errors.BROKER_NOT_AVAILABLE,
          Errors.REPLICA_NOT_AVAILABLE,
          Errors.STALE_CONTROLLER_EPOCH,
          Errors.COORDINATOR_LOAD_IN_PROGRESS,
          Errors.COORDINATOR_NOT_AVAILABLE,
          Errors.NOT_COORDINATOR,
          Errors.NOT_ENOUGH_REPLICAS,
          Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          Errors.ILLEGAL_GENERATION,
          Errors.UNKNOWN_MEMBER_ID,
          Errors.REBALANCE_IN_PROGRESS,
          Errors.TOPIC_ALREADY_EXISTS,
          Errors.NOT_CONTROLLER,
          Errors.OUT_OF_ORDER_SEQUENCE_NUMBER,
          Errors.DUPLICATE_SEQUENCE_NUMBER,
          Errors.INVALID_TXN_STATE,
          Errors.INVALID_PRODUCER_ID_MAPPING,
          Errors.CONCURRENT_TRANSACTIONS,
          Errors.TRANSACTION_COORDINATOR_FENCED,
          Errors.OPERATION_NOT_ATTEMPTED,
          Errors.KAFKA_STORAGE_ERROR,
          Errors.UNKNOWN_PRODUCER_ID,
          Errors.REASSIGNMENT_IN_PROGRESS,
          Errors.NON_EMPTY_GROUP,
          Errors.GROUP_ID_NOT_FOUND,
          Errors.FETCH_SESSION_ID_NOT_FOUND,
          Errors.INVALID_FETCH_SESSION_EPOCH,
          Errors.LISTENER_NOT_FOUND,
          Errors.FENCED_LEADER_EPOCH,
          Errors.UNKNOWN_LEADER_EPOCH,
          Errors.STALE_BROKER_EPOCH,
          Errors.OFFSET_NOT_AVAILABLE,
          Errors.MEMBER_ID_REQUIRED,
          Errors.PREFERRED_LEADER_NOT_AVAILABLE,
          Errors.FENCED_INSTANCE_ID,
          Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE,
          Errors.ELECTION_NOT_NEEDED,
          Errors.NO_REASSIGNMENT_IN_PROGRESS,
          Errors.GROUP_SUBSCRIBED_TO_TOPIC,
          Errors.UNSTABLE_OFFSET_COMMIT,
          Errors.THROTTLING_QUOTA_EXCEEDED,
          Errors.SNAPSHOT_NOT_FOUND,
          Errors.POSITION_OUT_OF_RANGE,
          Errors.UNKNOWN_TOPIC_ID,
          Errors.INCONSISTENT_TOPIC_ID,
          Errors.FETCH_SESSION_TOPIC_ID_ERROR,
          Errors.INELIGIBLE_REPLICA,
          Errors.NEW_LEADER_ELECTED,
          Errors.OFFSET_MOVED_TO_TIERED_STORAGE,
          Errors.FENCED_MEMBER_EPOCH,
          Errors.UNRELEASED_INSTANCE_ID,
          Errors.STALE_MEMBER_EPOCH,
          Errors.UNKNOWN_CONTROLLER_ID,
          Errors.UNKNOWN_SUBSCRIPTION_ID,
          Errors.TRANSACTION_ABORTABLE,
          Errors.INVALID_RECORD_STATE,
          Errors.SHARE_SESSION_NOT_FOUND,
          Errors.INVALID_SHARE_SESSION_EPOCH,
          Errors.FENCED_STATE_EPOCH,
          Errors.REBOOTSTRAP_REQUIRED,
          Errors.SHARE_SESSION_LIMIT_REACHED,
          Errors.BROKER_ID_NOT_REGISTERED,
          Errors.DUPLICATE_BROKER_REGISTRATION);

  private static final List<Errors> UNREACHABLE =
      List.of(Errors.REQUEST_TIMED_OUT, Errors.NETWORK_EXCEPTION);

  private static final List<Errors> RIGHTS =
      List.of(
          Errors.TOPIC_AUTHORIZATION_FAILED,
          Errors.GROUP_AUTHORIZATION_FAILED,
          Errors.CLUSTER_AUTHORIZATION_FAILED,
          Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
          Errors.SASL_AUTHENTICATION_FAILED,
          Errors.UNSUPPORTED_SASL_MECHANISM,
          Errors.ILLEGAL_SASL_STATE,
          Errors.POLICY_VIOLATION,
          Errors.DELEGATION_TOKEN_AUTH_DISABLED,
          Errors.DELEGATION_TOKEN_NOT_FOUND,
          Errors.DELEGATION_TOKEN_OWNER_MISMATCH,
          Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
          Errors.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
          Errors.DELEGATION_TOKEN_EXPIRED,
          Errors.INVALID_PRINCIPAL_TYPE,
          Errors.UNACCEPTABLE_CREDENTIAL,
          Errors.PRINCIPAL_DESERIALIZATION_FAILURE,
          Errors.TOPIC_DELETION_DISABLED);

  /** A newer attempt has the transactional id. */
  private static final List<Errors> FENCED =
      List.of(Errors.PRODUCER_FENCED, Errors.INVALID_PRODUCER_EPOCH);

  private static final List<Errors> TOO_LARGE =
      List.of(Errors.MESSAGE_TOO_LARGE, Errors.RECORD_LIST_TOO_LARGE);

  /** What a broker refuses of records and positions. */
  private static final List<Errors> DATA =
      List.of(
          Errors.INVALID_TIMESTAMP,
          Errors.INVALID_RECORD,
          Errors.OFFSET_METADATA_TOO_LARGE,
          Errors.INVALID_COMMIT_OFFSET_SIZE,
          Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT,
          Errors.UNSUPPORTED_COMPRESSION_TYPE,
          Errors.TELEMETRY_TOO_LARGE);

  /** What a broker refuses of the request's names and settings, or is too old for. */
  private static final List<Errors> REQUEST =
      List.of(
          Errors.INVALID_FETCH_SIZE,
          Errors.INVALID_TOPIC_EXCEPTION,
          Errors.INVALID_REQUIRED_ACKS,
          Errors.INCONSISTENT_GROUP_PROTOCOL,
          Errors.INVALID_GROUP_ID,
          Errors.INVALID_SESSION_TIMEOUT,
          Errors.UNSUPPORTED_VERSION,
          Errors.INVALID_PARTITIONS,
          Errors.INVALID_REPLICATION_FACTOR,
          Errors.INVALID_REPLICA_ASSIGNMENT,
          Errors.INVALID_CONFIG,
          Errors.INVALID_REQUEST,
          Errors.INVALID_TRANSACTION_TIMEOUT,
          Errors.SECURITY_DISABLED,
          Errors.LOG_DIR_NOT_FOUND,
          Errors.GROUP_MAX_SIZE_REACHED,
          Errors.RESOURCE_NOT_FOUND,
          Errors.DUPLICATE_RESOURCE,
          Errors.INCONSISTENT_VOTER_SET,
          Errors.INVALID_UPDATE_VERSION,
          Errors.FEATURE_UPDATE_FAILED,
          Errors.INCONSISTENT_CLUSTER_ID,
          Errors.TRANSACTIONAL_ID_NOT_FOUND,
          Errors.UNSUPPORTED_ASSIGNOR,
          Errors.MISMATCHED_ENDPOINT_TYPE,
          Errors.UNSUPPORTED_ENDPOINT_TYPE,
          Errors.INVALID_REGISTRATION,
          Errors.INVALID_VOTER_KEY,
          Errors.DUPLICATE_VOTER,
          Errors.VOTER_NOT_FOUND,
          Errors.INVALID_REGULAR_EXPRESSION,
          Errors.STREAMS_INVALID_TOPOLOGY,
          Errors.STREAMS_INVALID_TOPOLOGY_EPOCH,
          Errors.STREAMS_TOPOLOGY_FENCED);

  private static final Map<Errors, FailureType> TYPES = new EnumMap<>(Errors.class);

  static {
    decide(PASSING, FailureType.STORE_ERROR);
    decide(UNREACHABLE, FailureType.STORE_UNREACHABLE);
    decide(RIGHTS, FailureType.PERMISSION_DENIED);
    decide(FENCED, FailureType.WRITER_SUPERSEDED);
    decide(TOO_LARGE, FailureType.NOT_MOVABLE);
    decide(DATA, FailureType.DATA_REJECTED);
    decide(REQUEST, FailureType.BAD_REQUEST);
  }

  private KafkaErrors() {}

  private static void decide(List<Errors> errors, FailureType type) {
    for (Errors error : errors) {
      if (TYPES.put(error, type) != null) {
        throw new IllegalStateException(error + " is decided twice");
      }
    }
  }

  /** The errors that have a decision. */
  static Map<Errors, FailureType> types() {
    return Map.copyOf(TYPES);
  }

  /**
   * The broker's error where a producer only quotes it, as it does with those that it has no case
   * for: a topic that may not be read when positions in it are committed, for one.
   */
  static Throwable quotedBy(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return Stream.of(Errors.values())
        .filter(error -> error != Errors.NONE && message.endsWith(": " + error.message()))
        .findFirst()
        .<Throwable>map(Errors::exception)
        .orElse(thrown);
  }

  static FailureType typeOf(Throwable thrown) {
    if (thrown instanceof ApiException
        && Errors.forException(thrown) != Errors.UNKNOWN_SERVER_ERROR) {
      // one that a later broker has, and this table not yet, may pass
      return TYPES.getOrDefault(Errors.forException(thrown), FailureType.STORE_ERROR);
    }
    return FailureType.STORE_ERROR;
  }
}

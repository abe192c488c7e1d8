package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A point of a migration at which an outage can begin: the first activity of a phase. */
enum Stage {
  PREFLIGHT(
      Step.PLAN_TENANT,
      Step.PLAN_POSTGRES,
      Step.PLAN_OBJECTS,
      Step.PLAN_TOPICS,
      Step.PLAN_INDICES,
      Step.PLAN_CACHE),
  PROVISION(
      Step.PROVISION_DATABASE,
      Step.PROVISION_BUCKET,
      Step.PROVISION_TOPICS,
      Step.PROVISION_INDICES),
  CAPTURE(Step.CAPTURE_CHANGES),
  /** No activity: the migration waits for a person, who approves while the store is away. */
  AWAITING_APPROVAL,
  FENCE(Step.MAKE_READ_ONLY),
  SNAPSHOT(Step.TAKE_SNAPSHOT),
  COPY(Step.CREATE_SCHEMA, Step.COPY_OBJECTS, Step.REPLAY_TOPICS, Step.COPY_DOCUMENTS),
  WARM(Step.WARM_CACHE),
  CATCH_UP(Step.FOLLOW_ROWS, Step.FOLLOW_OBJECTS, Step.FOLLOW_TOPICS, Step.FOLLOW_DOCUMENTS),
  VERIFY(
      Step.CHECK_ROWS,
      Step.CHECK_OBJECTS,
      Step.CHECK_OBJECT_COUNT,
      Step.CHECK_OBJECT_SIZE,
      Step.CHECK_OBJECT_CHECKSUM,
      Step.CHECK_RECORD_CONTENT,
      Step.CHECK_DOCUMENT_CONTENT,
      Step.CHECK_CACHE_CONTENT,
      Step.CHECK_STORAGE_REFERENCES,
      Step.CHECK_TENANT_LEAK,
      Step.CHECK_QUERY_TEST,
      Step.CHECK_SOURCE_QUIET),
  DRAIN(Step.DRAIN_ROWS, Step.DRAIN_OBJECTS, Step.DRAIN_TOPICS, Step.DRAIN_DOCUMENTS),
  CUTOVER(Step.FINALIZE_TOPICS),
  FINAL_STEP(Step.OPEN_DATABASE),
  COMPLETION(
      Step.REMOVE_LEDGER, Step.REMOVE_ANCHOR, Step.REMOVE_WRITE_ALIAS, Step.REMOVE_WARMED_INDEX),
  /** The way back of a migration that is cancelled while it copies. */
  ROLLING_BACK(Step.IS_ACTIVATED);

  /** What tells how the dedicated side has to be: encodings, partitions, mappings. */
  private static final Set<Store> READ_TO_PROVISION =
      EnumSet.of(Store.SHARED_POSTGRES, Store.SHARED_KAFKA, Store.SHARED_ELASTICSEARCH);

  /** Their types, a space before and behind each. */
  private final String activities;

  Stage(Step... steps) {
    activities =
        Arrays.stream(steps).map(Step::activity).collect(Collectors.joining(" ", " ", " "));
  }

  /** How a migration is asked for that comes to the stage. */
  Mode mode() {
    return switch (this) {
      case CAPTURE, CATCH_UP, DRAIN -> Mode.ONLINE;
      case PREFLIGHT,
          PROVISION,
          AWAITING_APPROVAL,
          FENCE,
          SNAPSHOT,
          COPY,
          WARM,
          VERIFY,
          CUTOVER,
          FINAL_STEP,
          COMPLETION,
          ROLLING_BACK ->
          Mode.OFFLINE;
    };
  }

  /** Whether an activity of that type is the first of the phase, or one of several that may be. */
  boolean beginsWith(String activity) {
    return activities.contains(" " + activity + " ");
  }

  /** Whether the phase's work asks a store; the control plane is asked before each activity. */
  boolean asks(Store store) {
    return switch (this) {
      case PREFLIGHT -> true;
      case PROVISION -> store.isDedicated() ? !store.isRedis() : READ_TO_PROVISION.contains(store);
      case CAPTURE -> store == Store.SHARED_POSTGRES;
      case AWAITING_APPROVAL -> false;
      case FENCE -> store == Store.SHARED_POSTGRES || store == Store.SHARED_KAFKA;
      case SNAPSHOT -> store == Store.SHARED_POSTGRES || store == Store.SHARED_S3;
      case COPY, CATCH_UP, DRAIN -> !store.isRedis();
      case WARM -> store.isRedis() || store == Store.DEDICATED_POSTGRES;
      case VERIFY -> store != Store.SHARED_REDIS;
      case CUTOVER ->
          store.isDedicated() ? store == Store.DEDICATED_KAFKA : store != Store.SHARED_REDIS;
      case FINAL_STEP -> store == Store.DEDICATED_POSTGRES;
      case COMPLETION -> store.isDedicated() && store != Store.DEDICATED_S3;
      case ROLLING_BACK -> store.isDedicated() || store == Store.SHARED_POSTGRES;
    };
  }
}

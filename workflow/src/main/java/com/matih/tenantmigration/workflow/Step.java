package com.matih.tenantmigration.workflow;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of a migration, one for each activity, in the words of people: Temporal's UI, the
 * terminal and the report all name a step as it is named here.
 */
public enum Step {
  PLAN_TENANT("PlanTenant", StoreName.TENANT, "check the tenant's configuration"),
  PLAN_POSTGRES("PlanPostgres", StoreName.POSTGRES, "check both databases"),
  PLAN_OBJECTS("PlanObjects", StoreName.OBJECT_STORAGE, "check both buckets"),
  PLAN_TOPICS("PlanTopics", StoreName.KAFKA, "check both clusters"),
  PLAN_INDICES("PlanIndices", StoreName.ELASTICSEARCH, "check both clusters"),
  PLAN_CACHE("PlanCache", StoreName.REDIS, "check both caches"),

  PROVISION_DATABASE("ProvisionDatabase", StoreName.POSTGRES, "provision the dedicated database"),
  PROVISION_BUCKET("ProvisionBucket", StoreName.OBJECT_STORAGE, "provision the dedicated bucket"),
  PROVISION_TOPICS("ProvisionTopics", StoreName.KAFKA, "provision the dedicated topics"),
  PROVISION_INDICES("ProvisionIndices", StoreName.ELASTICSEARCH, "provision the dedicated indices"),

  CAPTURE_CHANGES("CaptureChanges", StoreName.POSTGRES, "capture the tenant's changes"),
  WATCH_CAPTURE("WatchCapture", StoreName.POSTGRES, "watch the captured tables"),
  FOLLOW_ROWS("FollowRows", StoreName.POSTGRES, "follow changes of rows"),
  FOLLOW_OBJECTS("FollowObjects", StoreName.OBJECT_STORAGE, "follow changes of objects"),
  FOLLOW_TOPICS("FollowTopics", StoreName.KAFKA, "follow new records"),
  FOLLOW_DOCUMENTS("FollowDocuments", StoreName.ELASTICSEARCH, "follow changes of documents"),

  MAKE_READ_ONLY("MakeTenantReadOnly", StoreName.TENANT, "make the tenant read-only"),
  AWAIT_SERVICES("AwaitServices", StoreName.TENANT, "wait until the services have stopped writing"),
  FENCE_WRITES("FenceDatabaseWrites", StoreName.POSTGRES, "fence the tenant's writes"),
  READ_POSITIONS("ReadTopicPositions", StoreName.KAFKA, "read the positions of topics and groups"),
  TAKE_SNAPSHOT("TakeSnapshot", StoreName.POSTGRES, "take a consistent snapshot"),

  CREATE_SCHEMA("CreateSchema", StoreName.POSTGRES, "create the tables"),
  COPY_ROWS("CopyRows", StoreName.POSTGRES, "copy rows"),
  FINISH_DATABASE("FinishDatabase", StoreName.POSTGRES, "build indexes and constraints"),
  COPY_OBJECTS("CopyObjects", StoreName.OBJECT_STORAGE, "copy objects"),
  REPLAY_TOPICS("ReplayTopics", StoreName.KAFKA, "replay records"),
  COPY_DOCUMENTS("CopyDocuments", StoreName.ELASTICSEARCH, "copy documents"),
  WARM_CACHE("WarmCache", StoreName.REDIS, "warm the cache"),

  CHECK_ROWS("CheckRows", StoreName.VERIFICATION, "count and compare rows and keys"),
  CHECK_ROW_COUNT("CheckRowCount", StoreName.VERIFICATION, "count rows"),
  CHECK_PRIMARY_KEY_CHECKSUM(
      "CheckPrimaryKeyChecksum", StoreName.VERIFICATION, "compare primary keys"),
  CHECK_ROW_CONTENT("CheckRowContent", StoreName.VERIFICATION, "compare rows"),
  CHECK_OBJECTS("CheckObjects", StoreName.VERIFICATION, "count and compare objects"),
  CHECK_OBJECT_COUNT("CheckObjectCount", StoreName.VERIFICATION, "count objects"),
  CHECK_OBJECT_SIZE("CheckObjectSize", StoreName.VERIFICATION, "compare the objects' sizes"),
  CHECK_OBJECT_CHECKSUM("CheckObjectChecksum", StoreName.VERIFICATION, "compare objects"),
  CHECK_RECORD_CONTENT("CheckRecordContent", StoreName.VERIFICATION, "compare records"),
  CHECK_DOCUMENT_CONTENT("CheckDocumentContent", StoreName.VERIFICATION, "compare documents"),
  CHECK_CACHE_CONTENT("CheckCacheContent", StoreName.VERIFICATION, "compare the cache"),
  CHECK_STORAGE_REFERENCES("CheckStorageReferences", StoreName.VERIFICATION, "follow references"),
  CHECK_TENANT_LEAK("CheckTenantLeak", StoreName.VERIFICATION, "search for other tenants' data"),
  CHECK_QUERY_TEST("CheckQueryTest", StoreName.VERIFICATION, "compare the answers of queries"),
  CHECK_SOURCE_QUIET("CheckSourceQuiet", StoreName.VERIFICATION, "search for late writes"),
  CHECK_API_HEALTH("CheckApiHealth", StoreName.VERIFICATION, "check the services' health"),

  DRAIN_ROWS("DrainRows", StoreName.POSTGRES, "carry over and compare the last rows"),
  DRAIN_OBJECTS("DrainObjects", StoreName.OBJECT_STORAGE, "carry over the last objects"),
  DRAIN_TOPICS("DrainTopics", StoreName.KAFKA, "replay the last records"),
  DRAIN_DOCUMENTS("DrainDocuments", StoreName.ELASTICSEARCH, "carry over the last documents"),
  CHECK_LATER_REFERENCES(
      "CheckLaterReferences", StoreName.VERIFICATION, "follow the references of later rows"),
  FRESHEN_CACHE("FreshenCache", StoreName.REDIS, "freshen the cache"),

  FINALIZE_TOPICS("FinalizeTopics", StoreName.KAFKA, "apply the topics' final settings"),
  SWITCH_ROUTE("SwitchRoute", StoreName.TENANT, "switch the tenant's route to the dedicated side"),
  OPEN_DATABASE("OpenDatabase", StoreName.POSTGRES, "open the dedicated database for writes"),
  ACTIVATE_TENANT(
      "ActivateTenant", StoreName.TENANT, "let the tenant write: the point of no return"),

  CHECK_LATE_WRITES(
      "CheckLateWrites", StoreName.VERIFICATION, "search for late writes after the cutover"),
  VALIDATE_KEYS("ValidateForeignKeys", StoreName.POSTGRES, "validate foreign keys"),
  COMPARE_FROZEN_ROWS(
      "CompareFrozenRows",
      StoreName.POSTGRES,
      "compare the frozen shared rows with the sealed snapshot"),
  REMOVE_LEDGER("RemoveLedger", StoreName.POSTGRES, "remove the ledger"),
  REMOVE_ANCHOR("RemoveReplayAnchor", StoreName.KAFKA, "remove the replay's anchor"),
  REMOVE_WRITE_ALIAS("RemoveWriteAlias", StoreName.ELASTICSEARCH, "remove the write alias"),
  FORGET_OBJECTS("ForgetObjects", StoreName.OBJECT_STORAGE, "remove the record of the objects"),
  REMOVE_WARMED_INDEX("RemoveWarmedIndex", StoreName.REDIS, "remove the list of warmed keys"),

  IS_ACTIVATED("IsTenantActivated", StoreName.TENANT, "check whether the tenant was activated"),
  ROUTE_BACK("RouteBack", StoreName.TENANT, "roll back: switch the route back"),
  RELEASE_FENCE("ReleaseFence", StoreName.POSTGRES, "roll back: release the write fence"),
  REACTIVATE_TENANT("ReactivateTenant", StoreName.TENANT, "roll back: reactivate the tenant"),
  REMOVE_FENCE("RemoveFence", StoreName.POSTGRES, "roll back: remove the fence's triggers"),
  DROP_DATABASE("DropDatabase", StoreName.POSTGRES, "roll back: remove the dedicated database"),
  DELETE_OBJECTS(
      "DeleteObjects", StoreName.OBJECT_STORAGE, "roll back: delete the dedicated objects"),
  DELETE_TOPICS("DeleteTopics", StoreName.KAFKA, "roll back: delete the dedicated topics"),
  DELETE_INDICES(
      "DeleteIndices", StoreName.ELASTICSEARCH, "roll back: delete the dedicated indices"),
  EVICT_CACHE("EvictCache", StoreName.REDIS, "roll back: delete the warmed keys"),

  READ_UNFINISHED("ReadUnfinished", StoreName.TENANT, "read what a migration left"),
  LOOK_FOR_FENCE("LookForFence", StoreName.POSTGRES, "check the fence"),

  RECORD_PROGRESS("RecordProgress", StoreName.TENANT, "record the phase"),
  RECORD_ENTRIES("RecordEntries", StoreName.TENANT, "record an operator's command"),
  KEEP_THROTTLE("KeepThrottle", StoreName.TENANT, "change the throttle"),
  READ_RECORDED("ReadRecordedReport", StoreName.TENANT, "read how the migration has ended");

  /**
   * What grows with the tenant. SOURCE_QUIET and API_HEALTH are not among them: they stand between
   * the switched route and the tenant's writes, and must not wait for another tenant's copy.
   */
  private static final Set<Step> BULK =
      EnumSet.of(
          CREATE_SCHEMA,
          COPY_ROWS,
          FINISH_DATABASE,
          COPY_OBJECTS,
          REPLAY_TOPICS,
          COPY_DOCUMENTS,
          WARM_CACHE,
          CHECK_ROWS,
          CHECK_ROW_COUNT,
          CHECK_PRIMARY_KEY_CHECKSUM,
          CHECK_ROW_CONTENT,
          CHECK_OBJECTS,
          CHECK_OBJECT_COUNT,
          CHECK_OBJECT_SIZE,
          CHECK_OBJECT_CHECKSUM,
          CHECK_RECORD_CONTENT,
          CHECK_DOCUMENT_CONTENT,
          CHECK_CACHE_CONTENT,
          CHECK_STORAGE_REFERENCES,
          CHECK_TENANT_LEAK,
          CHECK_QUERY_TEST,
          COMPARE_FROZEN_ROWS);

  /** What goes on while the tenant works and others wait, doing little most of the time. */
  private static final Set<Step> FOLLOWING =
      EnumSet.of(WATCH_CAPTURE, FOLLOW_ROWS, FOLLOW_OBJECTS, FOLLOW_TOPICS, FOLLOW_DOCUMENTS);

  /** What only the migration needed, and is removed after the cutover. */
  private static final Set<Step> CLEANUP =
      EnumSet.of(
          VALIDATE_KEYS,
          REMOVE_LEDGER,
          FORGET_OBJECTS,
          REMOVE_ANCHOR,
          REMOVE_WRITE_ALIAS,
          REMOVE_WARMED_INDEX);

  /** What must not end by a failure that a person or time removes. */
  private static final Set<Step> TRIED_UNTIL_DONE =
      EnumSet.of(
          ACTIVATE_TENANT,
          IS_ACTIVATED,
          ROUTE_BACK,
          RELEASE_FENCE,
          REACTIVATE_TENANT,
          REMOVE_FENCE,
          RECORD_PROGRESS,
          RECORD_ENTRIES,
          KEEP_THROTTLE,
          READ_RECORDED);

  private final String activity;
  private final StoreName store;
  private final String words;

  Step(String activity, StoreName store, String words) {
    this.activity = activity;
    this.store = store;
    this.words = words;
  }

  /** The activity's type, as Temporal and the report's JSON name it. */
  public String activity() {
    return activity;
  }

  public StoreName store() {
    return store;
  }

  /**
   * Whether the step takes its turn in the queue for bulk work, where waiting is nothing unusual.
   */
  public boolean isBulk() {
    return BULK.contains(this);
  }

  /** Whether the step follows a tenant that works, in a queue of its own. */
  public boolean isFollowing() {
    return FOLLOWING.contains(this);
  }

  /**
   * Whether Temporal tries the step again after any failure but a definite one, missing rights and
   * secrets included: the way back must not end because a password was being changed.
   */
  public boolean isTriedUntilDone() {
    return TRIED_UNTIL_DONE.contains(this);
  }

  /**
   * Whether the tenant is read-only while the step runs, and comes back when the step is given up.
   */
  public boolean holdsTenant() {
    return compareTo(MAKE_READ_ONLY) >= 0 && compareTo(OPEN_DATABASE) <= 0;
  }

  /** Whether the step removes, after the cutover, what only the migration needed. */
  public boolean isCleanup() {
    return CLEANUP.contains(this);
  }

  /** What the step does, in a few words that begin with a verb. */
  public String words() {
    return words;
  }

  /** Store and words: what Temporal's UI shows beside the activity. */
  public String summary() {
    return store.words() + ": " + words;
  }

  /** The step that makes a check, and no other. */
  public static Step of(CheckName check) {
    return valueOf("CHECK_" + check.name());
  }

  /** The steps that make a check, by itself or with others; a migration takes one of them. */
  public static Set<Step> making(CheckName check) {
    Set<Step> steps = EnumSet.of(of(check));
    if (CheckName.OF_ROWS.contains(check)) {
      steps.add(CHECK_ROWS);
    }
    if (CheckName.OF_OBJECTS.contains(check)) {
      steps.add(CHECK_OBJECTS);
    }
    return steps;
  }

  /** The step that rolls something back. */
  public static Step of(Compensation compensation) {
    return valueOf(compensation.name());
  }

  /** The step of an activity's type; empty for one that this version does not know. */
  public static Optional<Step> ofActivity(String activity) {
    return Arrays.stream(values()).filter(step -> step.activity.equals(activity)).findFirst();
  }

  /** The words for an activity's type; the type itself for one that this version does not know. */
  public static String wordsFor(String activity) {
    return ofActivity(activity).map(Step::words).orElse(activity);
  }
}

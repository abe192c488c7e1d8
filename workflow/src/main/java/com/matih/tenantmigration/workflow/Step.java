package com.matih.tenantmigration.workflow;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The steps of a migration, one for each activity, in the words of people: Temporal's UI, the
 * terminal and the report all name a step as it is named here.
 */
public enum Step {
  PLAN_TENANT("PlanTenant", Store.TENANT, "look at the tenant's configuration"),
  PLAN_POSTGRES("PlanPostgres", Store.POSTGRES, "look at both databases"),
  PLAN_OBJECTS("PlanObjects", Store.OBJECT_STORAGE, "look at both buckets"),
  PLAN_TOPICS("PlanTopics", Store.KAFKA, "look at both clusters"),
  PLAN_INDICES("PlanIndices", Store.ELASTICSEARCH, "look at both clusters"),
  PLAN_CACHE("PlanCache", Store.REDIS, "look at both caches"),

  PROVISION_DATABASE("ProvisionDatabase", Store.POSTGRES, "provide the dedicated database"),
  PROVISION_BUCKET("ProvisionBucket", Store.OBJECT_STORAGE, "provide the dedicated bucket"),
  PROVISION_TOPICS("ProvisionTopics", Store.KAFKA, "provide the dedicated topics"),
  PROVISION_INDICES("ProvisionIndices", Store.ELASTICSEARCH, "provide the dedicated indices"),

  MAKE_READ_ONLY("MakeTenantReadOnly", Store.TENANT, "make the tenant read-only"),
  FENCE_WRITES("FenceDatabaseWrites", Store.POSTGRES, "refuse the tenant's writes"),
  READ_POSITIONS("ReadTopicPositions", Store.KAFKA, "read where topics and groups stand"),
  TAKE_SNAPSHOT("TakeSnapshot", Store.POSTGRES, "fix the point in time"),

  CREATE_SCHEMA("CreateSchema", Store.POSTGRES, "create the tables"),
  COPY_ROWS("CopyRows", Store.POSTGRES, "copy rows"),
  FINISH_DATABASE("FinishDatabase", Store.POSTGRES, "build indexes and constraints"),
  COPY_OBJECTS("CopyObjects", Store.OBJECT_STORAGE, "copy objects"),
  REPLAY_TOPICS("ReplayTopics", Store.KAFKA, "replay records"),
  COPY_DOCUMENTS("CopyDocuments", Store.ELASTICSEARCH, "copy documents"),
  WARM_CACHE("WarmCache", Store.REDIS, "warm the cache"),

  CHECK_ROW_COUNT("CheckRowCount", Store.VERIFICATION, "count rows"),
  CHECK_PRIMARY_KEY_CHECKSUM("CheckPrimaryKeyChecksum", Store.VERIFICATION, "compare primary keys"),
  CHECK_ROW_CONTENT("CheckRowContent", Store.VERIFICATION, "compare rows"),
  CHECK_OBJECT_COUNT("CheckObjectCount", Store.VERIFICATION, "count objects"),
  CHECK_OBJECT_SIZE("CheckObjectSize", Store.VERIFICATION, "add up the objects' bytes"),
  CHECK_OBJECT_CHECKSUM("CheckObjectChecksum", Store.VERIFICATION, "compare objects"),
  CHECK_RECORD_CONTENT("CheckRecordContent", Store.VERIFICATION, "compare records"),
  CHECK_DOCUMENT_CONTENT("CheckDocumentContent", Store.VERIFICATION, "compare documents"),
  CHECK_CACHE_CONTENT("CheckCacheContent", Store.VERIFICATION, "compare the cache"),
  CHECK_STORAGE_REFERENCES("CheckStorageReferences", Store.VERIFICATION, "follow references"),
  CHECK_TENANT_LEAK("CheckTenantLeak", Store.VERIFICATION, "look for other tenants' data"),
  CHECK_QUERY_TEST("CheckQueryTest", Store.VERIFICATION, "ask both sides the same"),
  CHECK_SOURCE_QUIET("CheckSourceQuiet", Store.VERIFICATION, "look for late writes"),
  CHECK_API_HEALTH("CheckApiHealth", Store.VERIFICATION, "ask the services"),

  FINALIZE_TOPICS("FinalizeTopics", Store.KAFKA, "give the topics their real settings"),
  SWITCH_ROUTE("SwitchRoute", Store.TENANT, "point the tenant's route at the dedicated side"),
  OPEN_DATABASE("OpenDatabase", Store.POSTGRES, "let the dedicated database take writes"),
  ACTIVATE_TENANT("ActivateTenant", Store.TENANT, "let the tenant write: the point of no return"),

  REMOVE_LEDGER("RemoveLedger", Store.POSTGRES, "remove the ledger"),
  REMOVE_ANCHOR("RemoveReplayAnchor", Store.KAFKA, "remove the replay's anchor"),
  REMOVE_WRITE_ALIAS("RemoveWriteAlias", Store.ELASTICSEARCH, "remove the write alias"),
  REMOVE_WARMED_INDEX("RemoveWarmedIndex", Store.REDIS, "remove the list of warmed keys"),

  IS_ACTIVATED("IsTenantActivated", Store.TENANT, "look whether the tenant was switched over"),
  ROUTE_BACK("RouteBack", Store.TENANT, "undo: point the route back"),
  RELEASE_FENCE("ReleaseFence", Store.POSTGRES, "undo: take the tenant's writes again"),
  REACTIVATE_TENANT("ReactivateTenant", Store.TENANT, "undo: make the tenant active again"),
  REMOVE_FENCE("RemoveFence", Store.POSTGRES, "undo: remove the fence's triggers"),
  DROP_DATABASE("DropDatabase", Store.POSTGRES, "undo: remove the dedicated database"),
  DELETE_OBJECTS("DeleteObjects", Store.OBJECT_STORAGE, "undo: delete the dedicated objects"),
  DELETE_TOPICS("DeleteTopics", Store.KAFKA, "undo: delete the dedicated topics"),
  DELETE_INDICES("DeleteIndices", Store.ELASTICSEARCH, "undo: delete the dedicated indices"),
  EVICT_CACHE("EvictCache", Store.REDIS, "undo: delete the warmed keys"),

  READ_UNFINISHED("ReadUnfinished", Store.TENANT, "read what a migration left"),
  LOOK_FOR_FENCE("LookForFence", Store.POSTGRES, "look what stands of the fence"),

  RECORD_PROGRESS("RecordProgress", Store.TENANT, "put it on record"),
  RECORD_ENTRIES("RecordEntries", Store.TENANT, "put an operator's command on record"),
  READ_RECORDED("ReadRecordedReport", Store.TENANT, "read how the migration has ended");

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
          CHECK_ROW_COUNT,
          CHECK_PRIMARY_KEY_CHECKSUM,
          CHECK_ROW_CONTENT,
          CHECK_OBJECT_COUNT,
          CHECK_OBJECT_SIZE,
          CHECK_OBJECT_CHECKSUM,
          CHECK_RECORD_CONTENT,
          CHECK_DOCUMENT_CONTENT,
          CHECK_CACHE_CONTENT,
          CHECK_STORAGE_REFERENCES,
          CHECK_TENANT_LEAK,
          CHECK_QUERY_TEST);

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
          READ_RECORDED);

  private final String activity;
  private final Store store;
  private final String words;

  Step(String activity, Store store, String words) {
    this.activity = activity;
    this.store = store;
    this.words = words;
  }

  /** The activity's type, as Temporal and the report's JSON name it. */
  public String activity() {
    return activity;
  }

  public Store store() {
    return store;
  }

  /**
   * Whether the step takes its turn in the queue for bulk work, where waiting is nothing unusual.
   */
  public boolean isBulk() {
    return BULK.contains(this);
  }

  /**
   * Whether Temporal tries the step again after any failure but a definite one, missing rights and
   * secrets included: the way back must not end because a password was being changed.
   */
  public boolean isTriedUntilDone() {
    return TRIED_UNTIL_DONE.contains(this);
  }

  /** What the step does, in a few words that begin with a verb. */
  public String words() {
    return words;
  }

  /** Store and words: what Temporal's UI shows beside the activity. */
  public String summary() {
    return store.words() + ": " + words;
  }

  /** The step that makes a check. */
  public static Step of(CheckName check) {
    return valueOf("CHECK_" + check.name());
  }

  /** The step that rolls something back. */
  static Step of(Compensation compensation) {
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

  /**
   * What is particular to each activity's options: its summary, and its task queue where that is
   * not the workflow's own.
   *
   * @param bulkTaskQueue where bulk work is done
   */
  static Map<String, ActivityOptions> options(String bulkTaskQueue) {
    return Arrays.stream(values())
        .collect(Collectors.toMap(Step::activity, step -> step.ownOptions(bulkTaskQueue)));
  }

  private ActivityOptions ownOptions(String bulkTaskQueue) {
    ActivityOptions.Builder options = ActivityOptions.newBuilder().setSummary(summary());
    if (isBulk()) {
      options.setTaskQueue(bulkTaskQueue);
    }
    return options.build();
  }

  /** The same for activities that run beside the workflow. */
  static Map<String, LocalActivityOptions> summariesOfMoments() {
    return Arrays.stream(values())
        .collect(
            Collectors.toMap(
                Step::activity,
                step -> LocalActivityOptions.newBuilder().setSummary(step.summary()).build()));
  }

  /** What a step works on. */
  public enum Store {
    TENANT("tenant"),
    POSTGRES("database"),
    OBJECT_STORAGE("objects"),
    KAFKA("topics"),
    ELASTICSEARCH("documents"),
    REDIS("cache"),
    VERIFICATION("check");

    private final String words;

    Store(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}

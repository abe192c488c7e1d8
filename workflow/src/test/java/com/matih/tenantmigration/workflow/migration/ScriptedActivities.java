package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.Acknowledged;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.Lag;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.ObjectCheckResults;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.RowCheckResults;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * All activities at once, for tests of the orchestration alone: notes which were called, in which
 * order, and does what the test says in place of the usual answer.
 */
public final class ScriptedActivities implements DynamicActivity {

  private static final Duration OTHERS_END = Duration.ofMillis(700);

  private final List<String> ended = Collections.synchronizedList(new ArrayList<>());
  private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
  private final List<Entry> audit = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Supplier<Object>> scripts = new ConcurrentHashMap<>();

  /** Has an activity answer as the test says. */
  public ScriptedActivities on(String activity, Supplier<Object> answer) {
    scripts.put(activity, answer);
    return this;
  }

  /** Has an activity fail for good, after those beside it have ended. */
  public ScriptedActivities fail(String activity, FailureType type) {
    return on(
        activity,
        () -> {
          letOthersEnd();
          throw ApplicationFailure.newNonRetryableFailure(activity + " broke", type.name());
        });
  }

  /** Has an activity work, with heartbeats, until it is cancelled or the latch opens. */
  public ScriptedActivities hold(String activity, CountDownLatch begins, CountDownLatch until) {
    return on(
        activity,
        () -> {
          begins.countDown();
          heartbeatUntil(until);
          return usualAnswer(activity);
        });
  }

  /** Has an activity work until it is cancelled, and then fail in a way that may pass. */
  public ScriptedActivities breakWhenCancelled(String activity, CountDownLatch begins) {
    AtomicBoolean broken = new AtomicBoolean();
    return on(
        activity,
        () -> {
          if (broken.get()) {
            return usualAnswer(activity);
          }
          begins.countDown();
          try {
            heartbeatUntil(new CountDownLatch(1));
          } catch (ActivityCompletionException e) {
            broken.set(true);
            ended.add(activity + " broke");
            // a real server does not try again what it was asked to cancel, whatever it fails with
            throw ApplicationFailure.newNonRetryableFailure(
                activity + " lost its store", FailureType.STORE_UNREACHABLE.name());
          }
          throw new IllegalStateException("nobody cancelled " + activity);
        });
  }

  /** Works until it is cancelled the second time, and answers at once at any other. */
  Supplier<Object> secondTimeUntilCancelled(String activity) {
    AtomicInteger times = new AtomicInteger();
    return () -> {
      if (times.incrementAndGet() == 2) {
        heartbeatUntil(new CountDownLatch(1));
      }
      return usualAnswer(activity);
    };
  }

  private static void heartbeatUntil(CountDownLatch until) {
    try {
      while (!until.await(50, TimeUnit.MILLISECONDS)) {
        Activity.getExecutionContext().heartbeat("working");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The activities that ended well, in the order in which they did, without the records. */
  public List<String> ended() {
    return List.copyOf(ended);
  }

  /** The activities that were begun, in order, each attempt. */
  public List<String> begun() {
    return List.copyOf(begun);
  }

  /** The audit trail. */
  public List<Entry> audit() {
    return List.copyOf(audit);
  }

  @Override
  public Object execute(EncodedValues arguments) {
    String type = Activity.getExecutionContext().getInfo().getActivityType();
    if (type.equals("RecordProgress")) {
      Object answer = scripts.getOrDefault(type, () -> "").get();
      record(arguments);
      return answer;
    }
    if (type.equals("RecordEntries")) {
      Object answer = scripts.getOrDefault(type, () -> "").get();
      audit.addAll(List.of(arguments.get(2, Entry[].class)));
      return answer;
    }
    begun.add(type);
    try {
      Supplier<Object> script = scripts.get(type);
      Object answer = script == null ? usualAnswer(type) : script.get();
      ended.add(type);
      return answer;
    } catch (ActivityCompletionException e) {
      ended.add(type + " cancelled");
      throw e;
    }
  }

  private void record(EncodedValues arguments) {
    MigrationReport report = arguments.get(2, MigrationReport.class);
    if (report.migrationId().isEmpty()) {
      throw new IllegalStateException("a report without a migration");
    }
    Entry[] entries = arguments.get(3, Entry[].class);
    audit.addAll(List.of(entries));
  }

  static Object usualAnswer(String type) {
    if (type.startsWith("Plan")) {
      return PlanFindings.NOTHING;
    }
    if (type.equals("CheckRows")) {
      return rows(passed(CheckName.ROW_COUNT));
    }
    if (type.equals("CheckObjects")) {
      return new ObjectCheckResults(
          passed(CheckName.OBJECT_COUNT),
          passed(CheckName.OBJECT_SIZE),
          passed(CheckName.OBJECT_CHECKSUM));
    }
    if (type.equals("CheckLaterReferences")) {
      return passed(CheckName.STORAGE_REFERENCES);
    }
    if (type.equals("CheckLateWrites")) {
      return passed(CheckName.SOURCE_QUIET);
    }
    if (type.startsWith("Check")) {
      String name = type.substring("Check".length()).replaceAll("([a-z])([A-Z])", "$1_$2");
      return passed(CheckName.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return switch (type) {
      case "TakeSnapshot" -> "file:/snapshots/acme";
      case "CopyRows", "CopyObjects", "ReplayTopics", "CopyDocuments", "WarmCache" ->
          StoresSummary.NONE;
      case "DrainRows" -> new Drained(StoresSummary.NONE, List.of(passed(CheckName.ROW_CONTENT)));
      case "DrainObjects", "DrainTopics", "DrainDocuments", "FreshenCache" ->
          new Drained(StoresSummary.NONE, List.of());
      case "FollowRows", "FollowObjects", "FollowTopics", "FollowDocuments" ->
          new Followed(new Lag(3, 1.5), 0.5);
      case "AwaitServices" -> new Acknowledged(List.of());
      case "IsTenantActivated" -> false;
      case "ReleaseFence" -> step(Compensation.RELEASE_FENCE);
      case "RemoveFence" -> step(Compensation.REMOVE_FENCE);
      case "DropDatabase" -> step(Compensation.DROP_DATABASE);
      case "DeleteObjects" -> step(Compensation.DELETE_OBJECTS);
      case "DeleteTopics" -> step(Compensation.DELETE_TOPICS);
      case "DeleteIndices" -> step(Compensation.DELETE_INDICES);
      case "EvictCache" -> step(Compensation.EVICT_CACHE);
      case "RouteBack" -> step(Compensation.ROUTE_BACK);
      case "ReactivateTenant" -> step(Compensation.REACTIVATE_TENANT);
      default -> "";
    };
  }

  static CheckResult passed(CheckName check) {
    return new CheckResult(check, CheckResult.Status.PASSED, 1, List.of());
  }

  /** The results of the pass over the rows: the one that is given, and others that passed. */
  static RowCheckResults rows(CheckResult result) {
    Map<CheckName, CheckResult> results = new EnumMap<>(CheckName.class);
    CheckName.OF_ROWS.forEach(check -> results.put(check, passed(check)));
    results.put(result.check(), result);
    return new RowCheckResults(
        results.get(CheckName.ROW_COUNT),
        results.get(CheckName.PRIMARY_KEY_CHECKSUM),
        results.get(CheckName.ROW_CONTENT));
  }

  private static RollbackStep step(Compensation name) {
    return new RollbackStep(name.name(), RollbackStep.Status.DONE, "undone");
  }

  /**
   * Gives the activities beside this one time to end: the test server, unlike a real one, rejects
   * the cancel of an activity that has just ended, and hands out that task no more. On a busy
   * machine that takes until none begins or ends for a while.
   */
  void letOthersEnd() {
    int before = -1;
    for (int i = 0; i < 20 && before != begun.size() + ended.size(); i++) {
      before = begun.size() + ended.size();
      pause(OTHERS_END);
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits for a latch that another thread opens soon. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody opened the latch within 20 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

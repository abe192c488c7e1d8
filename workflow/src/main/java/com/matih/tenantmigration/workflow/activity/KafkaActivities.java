package com.matih.tenantmigration.workflow.activity;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.report.Followed;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.jspecify.annotations.Nullable;

/** The tenant's records and its consumer groups' positions. */
@ActivityInterface
public interface KafkaActivities {

  /** Looks at both clusters; changes nothing. */
  @ActivityMethod(name = "PlanTopics")
  PlanFindings plan(MigrationContext context);

  /**
   * Creates the dedicated topics, or takes over those that exist and are empty, with retention and
   * compaction paused.
   */
  @ActivityMethod(name = "ProvisionTopics")
  void provision(MigrationContext context);

  /**
   * Reads, once for the migration, where the shared topics end and where the groups stand; called
   * after the fence and the settle time.
   */
  @ActivityMethod(name = "ReadTopicPositions")
  void readPositions(MigrationContext context);

  /**
   * Replays the tenant's records up to the positions read, and translates the groups' positions.
   */
  @ActivityMethod(name = "ReplayTopics")
  StoresSummary replay(MigrationContext context);

  /**
   * Gives the topics their real configuration; called after the verification and right before the
   * route is switched, since the real retention may remove what the verification has to read.
   */
  @ActivityMethod(name = "FinalizeTopics")
  void finalizeTopics(MigrationContext context);

  /** Removes the replay's anchor after the cutover. */
  @ActivityMethod(name = "RemoveReplayAnchor")
  void removeAnchor(MigrationContext context);

  /** Fences the replay's producers, then deletes this migration's topics and groups. */
  @ActivityMethod(name = "DeleteTopics")
  RollbackStep deleteTopics(MigrationContext context);

  /**
   * Carries over what changed among the records since the last time.
   *
   * @return how the store stood after the last round; null from a worker that did not tell it
   */
  @ActivityMethod(name = "FollowTopics")
  @Nullable Followed follow(MigrationContext context, Following following);

  /** Carries over, when the tenant no longer writes, what is left, and verifies it. */
  @ActivityMethod(name = "DrainTopics")
  Drained drain(MigrationContext context);
}

package com.matih.tenantmigration.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.activity.ElasticsearchActivities;
import com.matih.tenantmigration.workflow.activity.KafkaActivities;
import com.matih.tenantmigration.workflow.activity.ObjectStorageActivities;
import com.matih.tenantmigration.workflow.activity.PostgresActivities;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.activity.RedisActivities;
import com.matih.tenantmigration.workflow.activity.RepairActivities;
import com.matih.tenantmigration.workflow.activity.TenantConfigActivities;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import io.temporal.activity.ActivityMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepTest {

  @Test
  void everyActivityIsAStepInTheWordsOfPeople() {
    List<String> activities =
        activityMethods().map(method -> method.getAnnotation(ActivityMethod.class).name()).toList();

    assertThat(Arrays.stream(Step.values()).map(Step::activity))
        .containsExactlyInAnyOrderElementsOf(activities);
    assertThat(Step.values()).allMatch(step -> step.words().length() <= 60);
  }

  /** By which the worker's interceptor knows an activity of a migration that has ended. */
  @Test
  void everyActivityIsToldFirstWhichMigrationItWorksFor() {
    assertThat(activityMethods())
        .allSatisfy(
            method -> {
              Parameter first = method.getParameters()[0];
              assertThat(first.getType())
                  .as(method.toString())
                  .isEqualTo(
                      method.getName().equals("recordEntries")
                          ? String.class
                          : MigrationContext.class);
            });
  }

  @Test
  void everyCheckIsAStep() {
    assertThat(CheckName.values())
        .allSatisfy(check -> assertThat(Step.of(check).store()).isEqualTo(StoreName.VERIFICATION));
  }

  /** A report of an earlier release names the steps of single checks. */
  @Test
  void aCheckOfRowsOrObjectsIsMadeWithTheOthersOrByAStepOfItsOwn() {
    assertThat(CheckName.OF_ROWS)
        .allSatisfy(
            check ->
                assertThat(Step.making(check))
                    .containsExactlyInAnyOrder(Step.CHECK_ROWS, Step.of(check)));
    assertThat(CheckName.OF_OBJECTS)
        .allSatisfy(
            check ->
                assertThat(Step.making(check))
                    .containsExactlyInAnyOrder(Step.CHECK_OBJECTS, Step.of(check)));
    assertThat(Step.making(CheckName.TENANT_LEAK)).containsExactly(Step.CHECK_TENANT_LEAK);
  }

  /** Handlers of signals wait for them, and one that fails has the workflow fail. */
  @Test
  void whatIsRecordedIsTriedUntilItIsDone() {
    assertThat(
            Arrays.stream(RecordActivities.class.getMethods())
                .map(method -> method.getAnnotation(ActivityMethod.class).name())
                .map(
                    name ->
                        Arrays.stream(Step.values())
                            .filter(step -> step.activity().equals(name))
                            .findFirst()
                            .orElseThrow()))
        .hasSize(4)
        .allMatch(Step::isTriedUntilDone);
  }

  @Test
  void whatBringsATenantBackOrStandsBetweenItAndItsWritesIsNoBulkWork() {
    assertThat(Step.values())
        .filteredOn(step -> step.words().startsWith("roll back:"))
        .hasSize(Compensation.values().length)
        .noneMatch(Step::isBulk);
    assertThat(
            EnumSet.of(
                Step.MAKE_READ_ONLY,
                Step.FENCE_WRITES,
                Step.SWITCH_ROUTE,
                Step.CHECK_API_HEALTH,
                Step.CHECK_SOURCE_QUIET,
                Step.OPEN_DATABASE,
                Step.ACTIVATE_TENANT))
        .noneMatch(Step::isBulk);
  }

  private static Stream<Method> activityMethods() {
    return Stream.of(
            PostgresActivities.class,
            ObjectStorageActivities.class,
            KafkaActivities.class,
            ElasticsearchActivities.class,
            RedisActivities.class,
            TenantConfigActivities.class,
            VerificationActivities.class,
            RecordActivities.class,
            RepairActivities.class)
        .flatMap(type -> Arrays.stream(type.getMethods()));
  }
}

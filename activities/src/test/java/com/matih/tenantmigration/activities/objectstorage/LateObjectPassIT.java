package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.objectstorage.client.BatchDelete;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectFollower;
import com.matih.tenantmigration.embedded.workload.objects.ObjectJudge;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A pass that stands still while a later attempt does its work, and goes on afterwards. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class LateObjectPassIT {

  private static final int OBJECTS = 50;

  @Test
  void aPassThatThawsAfterTheDrainOverwritesNothing() throws Exception {
    try (OnlineObjectsLab lab = filled()) {
      StandingStill still = StandingStill.afterAnswers(3);
      CompletableFuture<Optional<Throwable>> late =
          inBackground(() -> lab.follower.copy(lab.working, still));
      still.awaitStanding();

      putAll(lab, "the end of the shared side");
      var unused = lab.drain();
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
      namesOf(OBJECTS).forEach(name -> TestBuckets.put(lab.buckets.target(), name, "of tenant"));
      still.wake();

      assertStopped(late);
      namesOf(OBJECTS)
          .forEach(
              name ->
                  assertThat(TestBuckets.content(lab.buckets.target(), "moved/" + name))
                      .asString()
                      .isEqualTo("of tenant"));
    }
  }

  @Test
  void aPassThatThawsAfterTheDrainDeletesNothing() throws Exception {
    try (OnlineObjectsLab lab = filled()) {
      var copied = lab.copy(ProgressMonitor.unmonitored());
      assertThat(copied.objectStorage()).isNotNull();
      deleteAll(lab);
      StandingStill still = StandingStill.whenDeleting();
      CompletableFuture<Optional<Throwable>> late =
          inBackground(() -> follower(still).follow(lab.working, Following.UNTIL_CAUGHT_UP, still));
      still.awaitStanding();

      putAll(lab, "written again");
      var unused = lab.drain();
      still.wake();

      assertStopped(late);
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
      assertThat(TestBuckets.keys(lab.buckets.target())).hasSize(OBJECTS);
    }
  }

  /**
   * What it wrote is in no chunk that was completed, and its source is gone when it is looked at.
   */
  @Test
  void whatAKilledPassWroteGoesWithItsSource() throws Exception {
    try (OnlineObjectsLab lab = filled()) {
      StandingStill killed = StandingStill.afterAnswers(40);
      CompletableFuture<Optional<Throwable>> late =
          inBackground(() -> lab.follower.copy(lab.working, killed));
      killed.awaitStanding();
      assertThat(TestBuckets.keys(lab.buckets.target())).isNotEmpty();
      deleteAll(lab);
      TestBuckets.put(lab.buckets.source(), "left", "over");

      lab.catchUp();
      assertThat(TestBuckets.keys(lab.buckets.target())).containsExactly("moved/left");
      var unused = lab.drain();
      killed.wake();

      assertStopped(late);
      assertThat(TestBuckets.keys(lab.buckets.target())).containsExactly("moved/left");
    }
  }

  @Test
  void aRollbackDeletesAlsoWhatHasNoSourceAnyMore() throws Exception {
    try (OnlineObjectsLab lab = filled()) {
      StandingStill killed = StandingStill.afterAnswers(40);
      CompletableFuture<Optional<Throwable>> late =
          inBackground(() -> lab.follower.copy(lab.working, killed));
      killed.awaitStanding();
      assertThat(TestBuckets.keys(lab.buckets.target())).isNotEmpty();
      deleteAll(lab);

      RollbackStep step = lab.rollBack();
      killed.wake();

      assertThat(step.left()).isEmpty();
      assertThat(step.message()).contains("Deleted the bucket");
      assertStopped(late);
    }
  }

  private static ObjectFollower follower(RemovalGuard guard) {
    return new ObjectFollower(
        TestBuckets.STORES, TestBuckets.journal(), guard, OnlineObjectsLab.SMALL_CHUNKS);
  }

  private static CompletableFuture<Optional<Throwable>> inBackground(Runnable work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            work.run();
            return Optional.empty();
          } catch (MigrationException e) {
            return Optional.of(e);
          }
        });
  }

  private static void assertStopped(CompletableFuture<Optional<Throwable>> late) throws Exception {
    assertThat(late.get()).containsInstanceOf(MigrationException.class);
  }

  private static OnlineObjectsLab filled() {
    OnlineObjectsLab lab = new OnlineObjectsLab();
    putAll(lab, "first");
    return lab;
  }

  private static void putAll(OnlineObjectsLab lab, String content) {
    namesOf(OBJECTS).forEach(name -> TestBuckets.put(lab.buckets.source(), name, content));
  }

  private static void deleteAll(OnlineObjectsLab lab) {
    new BatchDelete(lab.buckets.source())
        .delete(
            namesOf(OBJECTS).stream().map(name -> lab.buckets.source().prefix() + name).toList());
  }

  private static List<String> namesOf(int count) {
    return IntStream.range(0, count).mapToObj("object-%03d"::formatted).toList();
  }
}

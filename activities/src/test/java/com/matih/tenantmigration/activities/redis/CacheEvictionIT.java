package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import org.junit.jupiter.api.Test;

/** What of a warmed cache goes in a rollback, and what after the cutover. */
class CacheEvictionIT extends CacheLab {

  @Test
  void aRollbackDeletesTheWarmedKeysAndNoOthersAndLeavesNothingOfItsOwn() {
    rows.fill(2500);
    warmer.warm(context, MONITOR);
    dedicated.set("somebody:else", "1");

    RollbackStep step = evictor.evict(context, MONITOR);

    assertThat(step.status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(step.message()).contains("2,500 warmed keys", "1 key that it did not warm");
    assertThat(dedicated.keys("*")).containsExactly("somebody:else");
    assertThat(evictor.evict(context, MONITOR).status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(dedicated.keys("*")).containsExactly("somebody:else");
  }

  @Test
  void theKeysOfALiveTenantStayAndAreProvenAnewBeforeEachPortion() {
    rows.fill(2500);
    warmer.warm(context, MONITOR);
    long all = dedicated.dbsize();
    guard.permit(0);
    assertLive();
    assertThat(dedicated.dbsize()).as("but for the epoch").isEqualTo(all - 1);

    guard.permit(1);
    assertLive();

    assertThat(dedicated.dbsize()).isBetween(1000L, all - 2);
  }

  @Test
  void aWarmingThatBeginsAnewLeavesTheKeysOfALiveTenant() {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    long all = dedicated.dbsize();
    guard.permit(0);

    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TENANT_IS_LIVE);

    assertThat(dedicated.dbsize()).isEqualTo(all);
  }

  private void assertLive() {
    assertThatThrownBy(() -> evictor.evict(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TENANT_IS_LIVE);
  }

  @Test
  void aWarmerThatWasOvertakenByAnEvictionWritesNothingMore() {
    rows.fill(2000);
    CacheWarmer overtaken =
        new CacheWarmer(
            connections,
            journal,
            guard,
            (of, sql, monitor, row) ->
                rows.read(
                    of,
                    sql,
                    monitor,
                    values -> {
                      if (values.get("id").text().equals("1200")) {
                        evictor.evict(context, MONITOR);
                      }
                      row.accept(values);
                    }));

    assertThatThrownBy(() -> overtaken.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WRITER_SUPERSEDED);
    assertThat(dedicated.dbsize()).isZero();
    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
    assertThat(dedicated.dbsize()).isZero();
  }

  @Test
  void afterTheCutoverTheKeysStayAndTheirListGoes() {
    rows.fill(3);
    warmer.warm(context, MONITOR);
    assertThat(dedicated.dbsize()).isEqualTo(5);

    evictor.removeWarmedIndex(context, MONITOR);
    evictor.removeWarmedIndex(context, MONITOR);

    assertThat(dedicated.keys("*")).containsExactlyInAnyOrder("query:1", "query:2", "query:3");
  }

  /** The cache is the tenant's by then. */
  @Test
  void anAttemptThatBeginsAfterTheCutoverWritesNothing() {
    rows.fill(3);
    warmer.warm(context, MONITOR);
    evictor.removeWarmedIndex(context, MONITOR);
    dedicated.del("query:2");

    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);

    assertThat(dedicated.keys("*")).containsExactlyInAnyOrder("query:1", "query:3");
  }
}

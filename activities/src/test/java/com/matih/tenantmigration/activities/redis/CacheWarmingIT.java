package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is warmed, from where, in which order, and what a next attempt makes of it. */
class CacheWarmingIT extends CacheLab {

  private static final Logger log = LoggerFactory.getLogger(CacheWarmingIT.class);

  @Test
  void valuesComeFromTheDedicatedDatabaseAndAreNeverReadFromTheSharedCache() {
    rows.fill(10);
    rows.execute("INSERT INTO queries VALUES (11, 'x', NULL)");
    shared.set("acme:query:3", "stale", SetArgs.Builder.ex(Duration.ofSeconds(500)));
    shared.set("acme:query:4", "stale");
    shared.set("globex:query:5", "foreign", SetArgs.Builder.ex(Duration.ofSeconds(901)));

    var summary = warmer.warm(context, MONITOR);

    assertThat(summary.redis().keys()).isEqualTo(10);
    assertThat(dedicated.get("query:3")).isEqualTo("body of 3");
    assertThat(dedicated.ttl("query:3")).isBetween(480L, 500L);
    assertThat(dedicated.ttl("query:4")).isBetween(3500L, 3600L);
    assertThat(dedicated.ttl("query:5")).isBetween(3500L, 3600L);
    assertThat(shared.info("commandstats"))
        .contains("cmdstat_pttl", "cmdstat_scan")
        .doesNotContain("cmdstat_get", "cmdstat_mget", "cmdstat_dump", "cmdstat_hgetall");
    Finding finding = comparison.compare(context, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(10);
    assertThat(leak.findForeign(context, MONITOR).mismatchCount()).isZero();
  }

  @Test
  void aKeyThatLivesAsLongAsTimeCanBeToldIsWarmed() {
    rows.fill(2);
    shared.set("acme:query:1", "stale");
    shared.pexpireat("acme:query:1", Long.MAX_VALUE);

    warmer.warm(context, MONITOR);

    assertThat(dedicated.get("query:1")).isEqualTo("body of 1");
    assertThat(dedicated.ttl("query:1")).isGreaterThan(Duration.ofDays(365_000).toSeconds());
    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void keysThatAreHotInTheSharedCacheAreWarmedFirst() {
    rows.fill(1500);
    for (int i = 1400; i < 1410; i++) {
      shared.set("acme:query:" + i, "stale", SetArgs.Builder.ex(Duration.ofSeconds(500)));
    }
    List<String> seen = new ArrayList<>();
    CacheWarmer watching =
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
                      // by the time the first other keys come, the hot ones are there
                      if (values.get("id").text().equals("1")
                          && dedicated.exists("query:1409") == 1) {
                        seen.add("hot before 1: " + dedicated.exists("query:1"));
                      }
                      row.accept(values);
                    }));

    watching.warm(context, MONITOR);

    assertThat(seen).containsExactly("hot before 1: 0");
    assertThat(dedicated.exists("query:1", "query:1400", "query:1500")).isEqualTo(3);
  }

  @Test
  void onlyTheHottestAreKeptWhereThereAreMore() {
    for (int i = 1; i <= 2000; i++) {
      frequency.set("acme:*[query]:" + i, "stale");
    }
    frequency.set("acme:other", "stale");
    for (int use = 0; use < 200; use++) {
      frequency.get("acme:*[query]:77");
      frequency.get("acme:*[query]:1234");
    }

    MigrationContext byFrequency = context(frequencyServer.uri(), loader("q:{id}", BY_ID));
    try (Cache cache = connections.shared(byFrequency.spec(RedisSpec.class), MONITOR)) {
      assertThat(HotKeys.read(cache, "acme:*[query]:", 2)).containsExactlyInAnyOrder("77", "1234");
      assertThat(HotKeys.read(cache, "acme:*[query]:", 5000)).hasSize(2000);
    }
    shared.set("acme:cold", "1");
    shared.set("acme:warm", "1");
    try (Cache cache = connections.shared(context.spec(RedisSpec.class), MONITOR)) {
      assertThat(HotKeys.read(cache, "acme:", 10)).containsExactlyInAnyOrder("cold", "warm");
    }
  }

  @Test
  void anEarlierAttemptThatBeginsLastDoesNotDisturbTheLaterOne() {
    rows.fill(2000);
    Attempt earlier = Attempt.next();
    AtomicBoolean tried = new AtomicBoolean();
    CacheWarmer later =
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
                      if (values.get("id").text().equals("1200")
                          && tried.compareAndSet(false, true)) {
                        assertThatThrownBy(
                                () -> warmer.warm(context, CancellableMonitor.of(earlier)))
                            .isInstanceOf(MigrationException.class)
                            .extracting("type")
                            .isEqualTo(FailureType.WRITER_SUPERSEDED);
                      }
                      row.accept(values);
                    }));

    assertThat(later.warm(context, MONITOR).redis().keys()).isEqualTo(2000);
    assertThat(tried).isTrue();
    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void aCancelledWarmingBeginsAnewInItsNextAttempt() {
    rows.fill(5000);
    CancellableMonitor cancelling = CancellableMonitor.cancellingAfter(1000);

    assertThatThrownBy(() -> warmer.warm(context, cancelling))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
    rows.execute("DELETE FROM queries WHERE id = 1");
    rows.execute("UPDATE queries SET body = 'newer' WHERE id = 2");
    long began = System.nanoTime();
    assertThat(warmer.warm(context, MONITOR).redis().keys()).isEqualTo(4999);
    log.info("4999 keys warmed in {} ms", (System.nanoTime() - began) / 1_000_000);

    assertThat(dedicated.get("query:2")).isEqualTo("newer");
    assertThat(dedicated.exists("query:1")).isZero();
    assertThat(comparison.compare(context, MONITOR).namedMismatches()).isEmpty();
  }

  @Test
  void rowsThatRepeatAKeyAreOneKeyAndContradictingOnesAreRefused() {
    rows.fill(20);
    MigrationContext repeating =
        context(
            sharedServer.uri(), loader("owner:{owner}", "SELECT owner, 'v' AS body FROM queries"));
    assertThat(warmer.warm(repeating, MONITOR).redis().keys()).isEqualTo(7);
    Finding finding = comparison.compare(repeating, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(7);

    MigrationContext contradicting =
        context(sharedServer.uri(), loader("owner:{owner}", "SELECT owner, body FROM queries"));
    assertThatThrownBy(() -> warmer.warm(contradicting, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("owner:user-")
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void aColumnThatTheQueryLacksIsNamed() {
    rows.fill(3);
    MigrationContext wrong = context(sharedServer.uri(), loader("query:{uuid}", BY_ID));

    assertThatThrownBy(() -> warmer.warm(wrong, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("uuid")
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void aColumnThatIsNullInEveryRowGivesNoKey() {
    rows.fill(3);
    MigrationContext empty =
        context(
            sharedServer.uri(),
            loader("query:{id}", "SELECT id, NULLIF(owner, owner) AS body FROM queries"));

    assertThat(warmer.warm(empty, MONITOR).redis().keys()).isZero();

    assertThat(dedicated.keys("query:*")).isEmpty();
    Finding finding = comparison.compare(empty, MONITOR);
    assertThat(finding.isNotApplicable()).isTrue();
  }

  @Test
  void aCacheWithKeysIsRefusedAndLeftAlone() {
    rows.fill(3);
    dedicated.set("theirs", "1");

    assertThatThrownBy(() -> warmer.warm(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TARGET_NOT_EMPTY);
    assertThat(evictor.evict(context, MONITOR).status()).isEqualTo(RollbackStep.Status.NOT_NEEDED);
    assertThat(dedicated.keys("*")).containsExactly("theirs");
  }
}

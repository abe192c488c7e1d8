package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a warmed cache becomes when the rows that it was warmed from have changed. */
class FresheningIT extends CacheLab {

  private static final Logger log = LoggerFactory.getLogger(FresheningIT.class);

  private final CacheFreshener freshener = new CacheFreshener(connections, journal, guard, rows);

  @Test
  void whatDiffersIsWrittenWhatIsGoneIsDeletedAndAllElseStays() {
    rows.fill(3000);
    shared.set("acme:query:2", "stale", SetArgs.Builder.ex(Duration.ofSeconds(500)));
    shared.set("acme:query:3001", "stale", SetArgs.Builder.ex(Duration.ofSeconds(700)));
    warmer.warm(context, MONITOR);
    change();

    Drained drained = freshener.freshen(context, MONITOR);

    assertThat(drained.checks()).containsExactly(passed(2998));
    assertThat(keys(drained)).isEqualTo(2998);
    assertThat(dedicated.get("query:1")).isEqualTo("body of 1");
    assertThat(dedicated.get("query:2")).isEqualTo("newer");
    assertThat(dedicated.ttl("query:2")).isBetween(480L, 500L);
    assertThat(dedicated.exists("query:10", "query:11", "query:12", "query:13")).isZero();
    assertThat(dedicated.get("query:3001")).isEqualTo("new");
    assertThat(dedicated.ttl("query:3001")).isBetween(680L, 700L);
    assertThat(dedicated.ttl("query:3002")).isBetween(3500L, 3600L);
    assertThat(dedicated.dbsize()).as("with the epoch and the warmed keys").isEqualTo(2998 + 2);
    Finding finding = comparison.compare(context, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(2998);
    assertThat(leak.findForeign(context, MONITOR).mismatchCount()).isZero();
  }

  private void change() {
    rows.execute("UPDATE queries SET body = 'newer' WHERE id = 2");
    rows.execute("DELETE FROM queries WHERE id BETWEEN 10 AND 13");
    rows.execute("INSERT INTO queries VALUES (3001, 'x', 'new'), (3002, 'x', 'new')");
  }

  private static CheckResult passed(long compared) {
    return new CheckResult(CheckName.CACHE_CONTENT, CheckResult.Status.PASSED, compared, List.of());
  }

  private static long keys(Drained drained) {
    return Objects.requireNonNull(drained.stores().redis()).keys();
  }

  @Test
  void aSecondFresheningFindsTheSame() {
    rows.fill(100);
    warmer.warm(context, MONITOR);
    rows.execute("UPDATE queries SET body = 'newer' WHERE id = 2");

    assertThat(freshener.freshen(context, MONITOR)).isEqualTo(freshener.freshen(context, MONITOR));

    assertThat(dedicated.get("query:2")).isEqualTo("newer");
  }

  @Test
  void aKeyWhoseTimeHasComeIsWarmedAgain() throws Exception {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    dedicated.pexpire("query:4", 1);
    Thread.sleep(50);
    assertThat(dedicated.exists("query:4")).isZero();

    assertThat(freshener.freshen(context, MONITOR).checks()).containsExactly(passed(10));

    assertThat(dedicated.ttl("query:4")).isBetween(3500L, 3600L);
  }

  @Test
  void keysAreDeletedWhenTheirColumnIsNullInEveryRow() {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    rows.execute("UPDATE queries SET body = NULL");

    assertThat(freshener.freshen(context, MONITOR).checks())
        .singleElement()
        .extracting(CheckResult::status)
        .isEqualTo(CheckResult.Status.SKIPPED);

    assertThat(dedicated.keys("query:*")).isEmpty();
  }

  @Test
  void aKeyOfSomebodyElseIsNamedAndLeft() {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    dedicated.set("theirs", "1");

    assertThat(freshener.freshen(context, MONITOR).checks())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.status()).isEqualTo(CheckResult.Status.FAILED);
              assertThat(result.mismatches())
                  .containsExactly("cache key theirs is not from any loader");
            });
    assertThat(dedicated.get("theirs")).isEqualTo("1");
  }

  @Test
  void aValueThatIsChangedRightAfterItWasWrittenIsFound() {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    rows.execute("UPDATE queries SET body = 'newer' WHERE id = 4");

    Drained drained =
        freshener.freshen(
            context,
            new ProgressMonitor.Forwarding(MONITOR) {
              @Override
              public void moved() {
                if ("newer".equals(dedicated.get("query:4"))) {
                  dedicated.set("query:4", "theirs", SetArgs.Builder.keepttl());
                }
              }
            });

    assertThat(drained.checks())
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.mismatches())
                    .containsExactly(
                        "cache key query:4 has a different value than the dedicated database"));
  }

  @Test
  void rowsThatContradictEachOtherAreRefused() {
    rows.fill(10);
    warmer.warm(context, MONITOR);
    var contradicting =
        context(
            sharedServer.uri(),
            loader("query:{owner}", "SELECT owner, body FROM queries ORDER BY id"));

    assertThatThrownBy(() -> freshener.freshen(contradicting, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("query:user-")
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void anAttemptThatIsOvertakenWritesAndDeletesNothingMore() {
    rows.fill(2000);
    warmer.warm(context, MONITOR);
    change();
    AtomicBoolean overtaken = new AtomicBoolean();
    CacheFreshener late =
        new CacheFreshener(
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
                          && overtaken.compareAndSet(false, true)) {
                        var unused = freshener.freshen(context, MONITOR);
                        rows.execute("UPDATE queries SET body = 'later' WHERE id = 1999");
                      }
                      row.accept(values);
                    }));

    assertThatThrownBy(() -> late.freshen(context, MONITOR)).isInstanceOf(MigrationException.class);

    assertThat(overtaken).isTrue();
    assertThat(dedicated.get("query:1999")).isEqualTo("body of 1999");
    assertThat(dedicated.dbsize()).isEqualTo(1998 + 2);
  }

  @Test
  void anEarlierAttemptDoesNotBeginAndNoneDoesAfterTheEnd() {
    rows.fill(20);
    Attempt earlier = Attempt.next();
    warmer.warm(context, MONITOR);

    assertType(FailureType.WRITER_SUPERSEDED, CancellableMonitor.of(earlier));
    evictor.removeWarmedIndex(context, MONITOR);
    assertType(FailureType.WORK_ENDED, CancellableMonitor.of(Attempt.next()));
    assertThat(dedicated.dbsize()).isEqualTo(20);
  }

  private void assertType(FailureType type, CancellableMonitor monitor) {
    assertThatThrownBy(() -> freshener.freshen(context, monitor))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(type);
  }

  @Test
  void aCancelledFresheningBeginsAnewAndARollbackLeavesNothing() {
    rows.fill(3000);
    warmer.warm(context, MONITOR);
    change();

    assertThatThrownBy(() -> freshener.freshen(context, CancellableMonitor.cancellingAfter(1000)))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.CANCELLED);
    long begun = System.nanoTime();
    assertThat(freshener.freshen(context, MONITOR).checks())
        .allMatch(result -> result.status() == CheckResult.Status.PASSED);
    log.info("2998 keys freshened in {} ms", (System.nanoTime() - begun) / 1_000_000);

    assertThatThrownBy(() -> freshener.freshen(context, CancellableMonitor.cancellingAfter(1000)))
        .isInstanceOf(MigrationException.class);
    var unused = evictor.evict(context, MONITOR);
    assertThat(dedicated.keys("*")).isEmpty();
  }

  @Test
  void aLiveTenantsKeysAreNotDeleted() {
    rows.fill(20);
    warmer.warm(context, MONITOR);
    rows.execute("DELETE FROM queries WHERE id = 10");
    guard.permit(0);

    assertThatThrownBy(() -> freshener.freshen(context, MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.TENANT_IS_LIVE);
    assertThat(dedicated.get("query:10")).isEqualTo("body of 10");
  }
}

package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the checks find in a warmed cache. */
class CacheChecksIT extends CacheLab {

  @Test
  void changedMissingAndExtraKeysAreFoundByName() {
    rows.fill(50);
    warmer.warm(context, MONITOR);
    dedicated.set("query:7", "another tenant's");
    dedicated.del("query:8");
    dedicated.set("query:globex", "1");

    assertThat(comparison.compare(context, MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "cache key query:7 has a different value than the dedicated database",
            "cache key query:8 is missing",
            "cache key query:globex is not from any loader");
    assertThat(leak.findForeign(context, MONITOR).namedMismatches())
        .containsExactly("redis key query:globex is not the tenant's");
  }

  @Test
  void whatHasExpiredSinceTheWarmingIsNoDifference() {
    rows.execute("CREATE TABLE sessions (id int, team text, expires_at timestamptz)");
    rows.execute(
        "INSERT INTO sessions SELECT i, 'red', now() + interval '1 h' FROM generate_series(1, 10) i");
    String valid = "SELECT id, team, 'open' AS body FROM sessions WHERE expires_at > now()";
    for (RedisSpec.Loader loader :
        List.of(
            loader("session:{id}", valid),
            new RedisSpec.Loader(
                "team:{team}",
                RedisSpec.Type.SET,
                valid,
                "id",
                List.of(),
                null,
                Duration.ofHours(1)))) {
      warmer.warm(context(sharedServer.uri(), loader), MONITOR);
      rows.execute("UPDATE sessions SET expires_at = now() WHERE id = 5");

      Finding finding = comparison.compare(context(sharedServer.uri(), loader), MONITOR);

      assertThat(finding.namedMismatches()).as(loader.key()).isEmpty();
      assertThat(finding.comparedCount()).isPositive();
      rows.execute("UPDATE sessions SET expires_at = now() + interval '1 h'");
    }
    assertThat(dedicated.smembers("team:red")).doesNotContain("5").contains("6");
  }

  @Test
  void aValueThatHoldsTheTimeIsComparedWithWhatWasWritten() {
    rows.fill(10);
    MigrationContext timed =
        context(
            sharedServer.uri(),
            loader("query:{id}", "SELECT id, body || now() || random() AS body FROM queries"));
    warmer.warm(timed, MONITOR);

    Finding finding = comparison.compare(timed, MONITOR);

    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(10);
    dedicated.set("theirs", "1");
    assertThat(comparison.compare(timed, MONITOR).namedMismatches())
        .containsExactly("cache key theirs is not from any loader");
  }

  @Test
  void keysWhoseTimeHasComeAreNotMissed() {
    rows.fill(5);
    MigrationContext brief =
        context(
            sharedServer.uri(),
            new RedisSpec.Loader("query:{id}", BY_ID, "body", Duration.ofMillis(300)));
    warmer.warm(brief, MONITOR);
    await().until(() -> dedicated.keys("query:*").isEmpty());

    Finding finding = comparison.compare(brief, MONITOR);

    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(5);
  }
}

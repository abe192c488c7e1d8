package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.time.Duration;
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

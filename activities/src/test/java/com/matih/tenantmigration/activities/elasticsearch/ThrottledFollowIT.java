package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Documents that are written while the tenant works, carried over under a throttle. */
class ThrottledFollowIT extends OnlineIndexLab {

  private static final int DOCUMENTS = 5_000;

  @Test
  void aRoundAndItsCheckKeepToTheBound() throws Exception {
    index.fill(10);
    context = online(index.from(), index.to());
    provision();
    copy(MONITOR);
    index.fill(DOCUMENTS);
    MigrationContext bounded = ThrottledWork.bounded(context.whileTenantWorks(), 500_000L);

    Duration followed =
        ThrottledWork.begin(journal, bounded, StoreName.ELASTICSEARCH, this::catchUp).await();
    Duration compared =
        ThrottledWork.begin(
                journal,
                bounded,
                StoreName.ELASTICSEARCH,
                monitor -> assertThat(verify(monitor).namedMismatches()).isEmpty())
            .await();

    // how much longer it takes is the cluster's affair, which other tests keep busy
    assertThat(followed).isBetween(Duration.ofSeconds(3), Duration.ofMinutes(1));
    assertThat(compared).isBetween(Duration.ofSeconds(3), Duration.ofMinutes(1));
  }
}

package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Some 5,000 documents of 400 bytes under a throttle. */
class ThrottledDocumentsIT extends IndexLab {

  private static final int DOCUMENTS = 5_000;

  @Test
  void aCopyAndItsCheckKeepToTheBound() throws Exception {
    index.fill(DOCUMENTS);
    provisioner.provision(context, MONITOR);
    MigrationContext bounded = ThrottledWork.bounded(context, 500_000L);

    Duration copied =
        ThrottledWork.begin(
                journal,
                bounded,
                StoreName.ELASTICSEARCH,
                monitor -> {
                  var unused = copier.copy(bounded, monitor);
                })
            .await();
    Duration compared =
        ThrottledWork.begin(
                journal,
                bounded,
                StoreName.ELASTICSEARCH,
                monitor ->
                    assertThat(comparison.compare(bounded, monitor).comparedCount())
                        .isEqualTo(DOCUMENTS))
            .await();

    assertThat(copied).isGreaterThan(Duration.ofSeconds(3));
    assertThat(compared).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void aCopyThatWouldTakeHoursEndsSoonWhenTheBoundIsLifted() throws Exception {
    index.fill(DOCUMENTS);
    provisioner.provision(context, MONITOR);
    MigrationContext bounded = ThrottledWork.bounded(context, 100L);
    ThrottledWork copy =
        ThrottledWork.begin(
            journal,
            bounded,
            StoreName.ELASTICSEARCH,
            monitor -> {
              var unused = copier.copy(bounded, monitor);
            });
    Thread.sleep(3_000);
    assertThat(copy.isDone()).isFalse();

    copy.change(null);

    assertThat(copy.await()).isLessThan(Duration.ofSeconds(12));
    assertThat(dedicated.count(index.to())).isEqualTo(DOCUMENTS);
  }
}

package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import com.matih.tenantmigration.workflow.MigrationException;
import com.uber.m3.tally.NoopScope;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporalAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"http://u:hunter2@temporal:7233", "https://temporal:7233", "no host"})
  void anAddressThatIsNoneIsToldWithWhatItShouldBe(String address) {
    assertThatThrownBy(
            () ->
                TemporalConnection.open(
                    new TemporalService(address, null), new NoopScope(), Map.of()))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("is not a host and port")
        .hasMessageContaining("such as host:7233")
        .hasMessageNotContaining("hunter2");
  }
}

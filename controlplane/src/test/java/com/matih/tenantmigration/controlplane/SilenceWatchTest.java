package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();

  @Test
  void aServiceThatCouldNotBeToldOfASilenceOrOfItsEndIsToldAgain() {
    failures.set(2);
    try (SilenceWatch watch = new SilenceWatch(new Service(), Duration.ofSeconds(1))) {
      watch.start();
      await().atMost(PATIENCE).until(() -> told.equals(List.of("silent")));

      failures.set(2);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                watch.heard();
                return told.equals(List.of("silent", "heard again"));
              });
    }
  }

  @Test
  void aLimitThatNoListenerCanKeepIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TenantConfigListener.start(
                    "jdbc:postgresql://nowhere/x",
                    "user",
                    null,
                    new Service(),
                    Duration.ofMillis(1_999)))
        .withMessageContaining("at least 2 s");
  }

  private final class Service implements TenantConfigFollower {

    @Override
    public void changed(TenantConfig config) {}

    @Override
    public void silent(Duration silence) {
      failSometimes();
      told.add("silent");
    }

    @Override
    public void heardAgain() {
      failSometimes();
      told.add("heard again");
    }

    private void failSometimes() {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("it has other worries");
      }
    }
  }
}

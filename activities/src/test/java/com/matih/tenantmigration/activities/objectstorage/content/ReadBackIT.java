package com.matih.tenantmigration.activities.objectstorage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.engine.Digests;
import com.matih.tenantmigration.activities.objectstorage.TestBuckets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadBackIT {

  @Test
  void aPartIsReadBackOnlyWhenThereIsRoomForIt() {
    byte[] content = new byte[3 * PartLayout.MEBIBYTE];
    MemoryBudget budget = new MemoryBudget(4L * PartLayout.MEBIBYTE);
    try (TestBuckets buckets = new TestBuckets()) {
      TestBuckets.put(buckets.source(), "large", content);
      PartLayout layout = new PartLayout(content.length, content.length);
      String sha256 = Digests.sha256(content);
      CompletableFuture<Void> readBack;
      try (MemoryBudget.Lease others = budget.take(3 * PartLayout.MEBIBYTE)) {
        readBack =
            CompletableFuture.runAsync(
                () ->
                    new ReadBack(buckets.source())
                        .requireParts("tenants/acme/large", layout, List.of(sha256), budget));
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(10))
            .until(() -> !readBack.isDone());
      }

      await().atMost(Duration.ofMinutes(1)).until(readBack::isDone);
      assertThat(readBack).isCompleted();
    }
  }
}

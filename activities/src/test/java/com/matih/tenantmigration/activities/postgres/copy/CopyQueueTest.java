package com.matih.tenantmigration.activities.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.copy.CopyQueue.Indexes;
import com.matih.tenantmigration.activities.postgres.copy.CopyQueue.Ranges;
import com.matih.tenantmigration.activities.postgres.copy.CopyQueue.Task;
import com.matih.tenantmigration.activities.postgres.ledger.Chunk;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.snapshot.IndexStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CopyQueueTest {

  private static final int WORKERS = 2;

  @Test
  void aTablesIndexesComeWhenItsLastRangeHasArrivedAndItsKeyFirst() {
    CopyQueue queue =
        queue(List.of(range("a", 0), range("a", 1)), Map.of("a", table(1, btree("a"), key("a"))));
    Task first = take(queue);
    Task second = take(queue);
    assertThat(List.of(first, second)).allMatch(Ranges.class::isInstance);
    queue.done(first);
    queue.done(second);

    Task key = take(queue);
    assertThat(object(key)).isEqualTo("key of a");
    queue.done(key);
    Task index = take(queue);
    assertThat(object(index)).isEqualTo("btree of a");
    queue.done(index);

    assertThat(queue.next()).isEmpty();
  }

  @Test
  void whatTakesLongComesFirstAndThenWhatIsLargest() {
    CopyQueue queue =
        queue(
            List.of(),
            Map.of(
                "small", table(1, btree("small")),
                "large", table(9, btree("large")),
                "slow", table(1, gin("slow"))));
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      order.add(object(take(queue)));
    }

    assertThat(order).containsExactly("gin of slow", "btree of large", "btree of small");
  }

  @Test
  void halfOfTheWorkersGoOnCopyingWhileRangesAreLeft() {
    CopyQueue queue = queue(List.of(range("b", 0)), Map.of("a", table(1, btree("a"), btree("a"))));

    assertThat(take(queue)).isInstanceOf(Indexes.class);
    assertThat(take(queue)).isInstanceOf(Ranges.class);
    assertThat(take(queue)).isInstanceOf(Indexes.class);
  }

  @Test
  void aWorkerWaitsForWhatAnotherOneLeadsTo() throws Exception {
    CopyQueue queue = queue(List.of(range("a", 0)), Map.of("a", table(1, btree("a"))));
    Task range = take(queue);
    CompletableFuture<Task> next = CompletableFuture.supplyAsync(() -> take(queue));
    queue.done(range);

    assertThat(object(next.get(20, TimeUnit.SECONDS))).isEqualTo("btree of a");
    assertThat(queue.next()).isEmpty();
  }

  private static CopyQueue queue(List<Chunk> ranges, Map<String, EarlyIndexes.OfTable> indexes) {
    return new CopyQueue(ranges.stream().map(List::of).toList(), indexes, WORKERS);
  }

  private static Task take(CopyQueue queue) {
    return queue.next().orElseThrow();
  }

  private static String object(Task task) {
    return ((Indexes) task).statements().get(0).object();
  }

  private static Chunk range(String table, long block) {
    return new Chunk(
        new CopiedTable(table, table, List.of("id"), CopyFormat.BINARY, 1), 1, block, null, 1);
  }

  private static EarlyIndexes.OfTable table(long bytes, IndexStatement... statements) {
    return new EarlyIndexes.OfTable(List.of(statements), bytes);
  }

  private static IndexStatement key(String table) {
    return new IndexStatement(
        "1",
        "key of " + table,
        "ALTER TABLE ONLY s.%s ADD CONSTRAINT k PRIMARY KEY (id);".formatted(table));
  }

  private static IndexStatement btree(String table) {
    return new IndexStatement(
        "2", "btree of " + table, "CREATE INDEX i ON s.%s USING btree (id);".formatted(table));
  }

  private static IndexStatement gin(String table) {
    return new IndexStatement(
        "3", "gin of " + table, "CREATE INDEX i ON s.%s USING gin (id);".formatted(table));
  }
}

package com.matih.tenantmigration.embedded.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.workload.ModelRow.Scratch;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.CounterTally;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.RowChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadJournalTest {

  private final WorkloadJournal journal = new WorkloadJournal(WorkloadSettings.of("acme", 1));

  @Test
  void theLastAcknowledgedStateOfARowCountsAndAnUnknownOneDoesNot() {
    RowKey key = new Scratch("acme", 1, "a").rowKey();
    journal.acknowledge(WorkloadKind.INSERT, written("a"), 1);
    journal.acknowledge(WorkloadKind.UPDATE, written("b"), 1);
    journal.doubt(written("c"));

    assertThat(journal.states()).isEqualTo(Map.of(key, RowState.of("b")));
    assertThat(journal.unknown()).containsExactly(List.of(new RowChange(key, RowState.of("c"))));
    assertThat(journal.acknowledgedCount()).isEqualTo(2);
    assertThat(journal.acknowledgedRows()).isEqualTo(2);
  }

  @Test
  void theHighestAcknowledgedCountOfACommonRowIsItsLast() {
    RowKey key = new RowKey("acme", WorkloadTable.COUNTER, "c");
    journal.acknowledge(WorkloadKind.CONTENDED, counted(key, 3, "c"), 1);
    journal.acknowledge(WorkloadKind.CONTENDED, counted(key, 1, "a"), 1);
    journal.doubt(counted(key, 2, "b"));

    assertThat(journal.counters()).isEqualTo(Map.of(key, new CounterTally(2, 1, 3, "c")));
  }

  @Test
  void latencyIsSummedUpByRank() {
    for (int i = 200; i > 0; i--) {
      journal.refuse("25006", "message " + i, i);
    }

    assertThat(journal.refusedLatency())
        .isEqualTo(
            new Latency(200, Duration.ofNanos(100), Duration.ofNanos(198), Duration.ofNanos(200)));
    assertThat(journal.refused()).isEqualTo(Map.of("25006", 200));
    assertThat(journal.refusalMessages()).isEqualTo(Map.of("25006", "message 200"));
    assertThat(journal.acknowledgedLatency().count()).isZero();
  }

  private static Draft written(String mark) {
    Draft draft = new Draft(Map.of());
    draft.write(new Scratch("acme", 1, mark));
    return draft;
  }

  private static Draft counted(RowKey key, long hits, String mark) {
    Draft draft = new Draft(Map.of());
    draft.hit(new Draft.CounterHit(key, hits, mark));
    return draft;
  }
}

package com.matih.tenantmigration.embedded.workload.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.workload.RowKey;
import com.matih.tenantmigration.embedded.workload.RowState;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.CounterTally;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal.RowChange;
import com.matih.tenantmigration.embedded.workload.WorkloadTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {

  private static final RowKey COUNTER = new RowKey("acme", WorkloadTable.COUNTER, "c");

  @Test
  void aTransactionOfUnknownOutcomeIsThereAsAWholeOrNotAtAll() {
    assertThat(faults("1 a", "2 b")).isEmpty();
    assertThat(faults("1 c", "2 b", "3 d")).isEmpty();
    assertThat(faults("1 c", "2 b")).containsExactly(Fault.TORN, Fault.TORN);
    assertThat(faults("1 a", "2 b", "3 d")).containsExactly(Fault.TORN, Fault.TORN);
    assertThat(faults("1 a")).containsExactly(Fault.MISSING);
  }

  @Test
  void aCountOfUnknownOutcomeMayBeThere() {
    CounterTally tally = new CounterTally(2, 1, 3, "c");

    assertThat(faults(tally, "c|3")).isEmpty();
    assertThat(faults(tally, "b|3")).containsExactly(Fault.STALE);
    assertThat(faults(tally, "c|4")).containsExactly(Fault.STALE);
    assertThat(faults(tally, "a|2")).containsExactly(Fault.STALE);
  }

  @Test
  void aCounterThatIsNotThereIsMissing() {
    assertThat(faults(new CounterTally(1, 0, 1, "a"))).containsExactly(Fault.MISSING);
    assertThat(faults(new CounterTally(0, 1, 0, ""))).isEmpty();
  }

  /** Rows 1 and 2 were acknowledged as a and b; then c and d were written to rows 1 and 3. */
  private static List<Fault> faults(String... rows) {
    Expectation expectation =
        new Expectation(
            Map.of(key(1), RowState.of("a"), key(2), RowState.of("b")),
            Map.of(),
            List.of(
                List.of(
                    new RowChange(key(1), RowState.of("c")),
                    new RowChange(key(3), RowState.of("d")))));
    List<JudgeReader.Row> there =
        List.of(rows).stream()
            .map(row -> new JudgeReader.Row(row.substring(0, 1), row.substring(2), row))
            .toList();
    return faults(expectation.compare(Map.of(WorkloadTable.SCRATCH, there)));
  }

  private static List<Fault> faults(CounterTally tally, String... states) {
    List<JudgeReader.Row> there =
        List.of(states).stream()
            .map(state -> new JudgeReader.Row(COUNTER.key(), state, state))
            .toList();
    return faults(
        new Expectation(Map.of(), Map.of(COUNTER, tally), List.of())
            .compare(Map.of(WorkloadTable.COUNTER, there)));
  }

  private static List<Fault> faults(List<WorkloadFinding> findings) {
    return findings.stream().map(WorkloadFinding::fault).toList();
  }

  private static RowKey key(int number) {
    return new RowKey("acme", WorkloadTable.SCRATCH, String.valueOf(number));
  }
}

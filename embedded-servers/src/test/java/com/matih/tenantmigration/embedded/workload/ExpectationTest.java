package com.matih.tenantmigration.embedded.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.workload.ModelRow.Scratch;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {

  private final WorkloadJournal journal = new WorkloadJournal(WorkloadSettings.of("acme", 1));

  @Test
  void aTransactionOfUnknownOutcomeIsThereAsAWholeOrNotAtAll() {
    journal.acknowledge(WorkloadKind.INSERT, writes(row(1, "a"), row(2, "b")), 1);
    journal.doubt(writes(row(1, "c"), row(3, "d")));

    assertThat(compare(row(1, "a"), row(2, "b"))).isEmpty();
    assertThat(compare(row(1, "c"), row(2, "b"), row(3, "d"))).isEmpty();
    assertThat(compare(row(1, "c"), row(2, "b"))).containsOnly(Fault.TORN);
    assertThat(compare(row(1, "a"), row(2, "b"), row(3, "d"))).containsOnly(Fault.TORN);
  }

  @Test
  void aCountOfUnknownOutcomeMayBeThere() {
    RowKey key = new RowKey("acme", WorkloadTable.COUNTER, "c");
    count(key, 1, "a", true);
    count(key, 3, "c", true);
    count(key, 2, "b", false);

    assertThat(compareCounter("c|3")).isEmpty();
    assertThat(compareCounter("b|3")).containsExactly(Fault.STALE);
    assertThat(compareCounter("c|4")).containsExactly(Fault.STALE);
    assertThat(compareCounter("a|2")).containsExactly(Fault.STALE);
  }

  private void count(RowKey key, long hits, String mark, boolean acknowledged) {
    Draft draft = new Draft(Map.of());
    draft.hit(new CounterHit(key, hits, mark));
    if (acknowledged) {
      journal.acknowledge(WorkloadKind.CONTENDED, draft, 1);
    } else {
      journal.doubt(draft);
    }
  }

  private static Scratch row(int number, String mark) {
    return new Scratch("acme", number, mark);
  }

  private static Draft writes(ModelRow... rows) {
    Draft draft = new Draft(new HashMap<>());
    Arrays.asList(rows).forEach(draft::write);
    return draft;
  }

  private List<Fault> compare(Scratch... rows) {
    List<JudgeReader.Row> there =
        Arrays.stream(rows).map(row -> new JudgeReader.Row(row.key(), row.state(), "")).toList();
    return faults(Map.of(WorkloadTable.SCRATCH, there));
  }

  private List<Fault> compareCounter(String state) {
    return faults(Map.of(WorkloadTable.COUNTER, List.of(new JudgeReader.Row("c", state, ""))));
  }

  private List<Fault> faults(Map<WorkloadTable, List<JudgeReader.Row>> rows) {
    return Expectation.of("acme", List.of(journal)).compare(rows).stream()
        .map(WorkloadFinding::fault)
        .toList();
  }
}

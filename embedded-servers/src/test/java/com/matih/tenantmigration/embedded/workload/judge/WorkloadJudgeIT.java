package com.matih.tenantmigration.embedded.workload.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.workload.Workload;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding;
import com.matih.tenantmigration.embedded.workload.WorkloadFinding.Fault;
import com.matih.tenantmigration.embedded.workload.WorkloadJournal;
import com.matih.tenantmigration.embedded.workload.WorkloadLab;
import com.matih.tenantmigration.embedded.workload.WorkloadSchema;
import com.matih.tenantmigration.embedded.workload.WorkloadSettings;
import com.matih.tenantmigration.embedded.workload.WorkloadSide;
import com.matih.tenantmigration.embedded.workload.WorkloadTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorkloadJudgeIT {

  private static final WorkloadSettings ACME =
      WorkloadSettings.of("acme", 21).withChangesPerSecond(1000);
  private static final WorkloadSettings GLOBEX =
      WorkloadSettings.of("globex", 22).withChangesPerSecond(1000);

  private static WorkloadLab lab;
  private static WorkloadJournal acme;
  private static WorkloadJudge judge;

  @BeforeAll
  static void bothWrite() throws Exception {
    lab = new WorkloadLab(WorkloadSchema.shared("app"));
    WorkloadSide side = lab.side();
    Workload one = Workload.start(ACME, () -> side);
    Workload neighbour = Workload.start(GLOBEX, () -> side);
    one.awaitAcknowledged(250, Duration.ofMinutes(2));
    neighbour.awaitAcknowledged(50, Duration.ofMinutes(2));
    one.close();
    neighbour.close();
    acme = one.journal();
    judge = new WorkloadJudge(acme, neighbour.journal());
    assertThat(judge.acknowledged("acme", side)).isEmpty();
    assertThat(judge.acknowledged("globex", side)).isEmpty();
  }

  @Test
  void equalSidesDoNotDiffer() throws Exception {
    assertThat(WorkloadJudge.difference("acme", lab.side(), lab.copy())).isEmpty();
  }

  @Test
  void aLostUpdateIsFound() throws Exception {
    // an older state of a row that is acknowledged with a newer one
    WorkloadSide copy =
        planted("UPDATE setting SET mark = 'older' WHERE name = (%s)", oneOf("setting", "name"));

    assertThat(acknowledged(copy)).containsExactly(Fault.STALE);
    assertThat(differences(copy)).containsExactly(Fault.DIFFERENT);
  }

  @Test
  void aChangedValueIsFound() throws Exception {
    WorkloadSide copy =
        planted("UPDATE ticket SET payload = 'other' WHERE id = (%s)", oneOf("ticket", "id"));

    assertThat(acknowledged(copy)).containsExactly(Fault.STALE);
    assertThat(differences(copy)).containsExactly(Fault.DIFFERENT);
  }

  @Test
  void aColumnThatTheJournalDoesNotHaveIsComparedBetweenTheSides() throws Exception {
    WorkloadSide copy =
        planted(
            "UPDATE account SET amount = coalesce(amount, 0) + 1, raw = 'x' WHERE id = (%s)",
            oneOf("account", "id"));

    assertThat(acknowledged(copy)).isEmpty();
    assertThat(differences(copy)).containsExactly(Fault.DIFFERENT);
  }

  @Test
  void aLostCountOfACommonRowIsFound() throws Exception {
    WorkloadSide copy =
        planted("UPDATE counter SET hits = hits - 1 WHERE name = (%s)", oneOf("counter", "name"));

    assertThat(acknowledged(copy)).containsExactly(Fault.STALE);
  }

  @Test
  void aDoubledRowWithoutAKeyIsFound() throws Exception {
    WorkloadSide copy =
        planted(
            "INSERT INTO audit_line SELECT * FROM audit_line WHERE line = (%s)",
            oneOf("audit_line", "line"));

    assertThat(acknowledged(copy)).containsExactly(Fault.DOUBLED);
    assertThat(differences(copy)).containsExactly(Fault.DOUBLED);
  }

  @Test
  void aRowThatIsInTwoPartitionsIsFound() throws Exception {
    WorkloadSide copy =
        planted(
            """
            INSERT INTO ticket (tenant_id, id, state, day, payload, mark)
              SELECT tenant_id, id, state, 1000, payload, mark FROM ticket WHERE id = (%s)""",
            oneOf("ticket", "id"));

    assertThat(acknowledged(copy)).containsExactly(Fault.DOUBLED);
  }

  @Test
  void aMissingDeleteIsFound() throws Exception {
    WorkloadSide copy = lab.copy();
    String deleted =
        acme.states().entrySet().stream()
            .filter(entry -> entry.getKey().table() == WorkloadTable.SETTING)
            .filter(entry -> !entry.getValue().present())
            .map(entry -> entry.getKey().key())
            .findFirst()
            .orElseThrow();
    WorkloadLab.execute(
        copy,
        "INSERT INTO setting (tenant_id, name, mark) VALUES ('acme', '%s', 'older')"
            .formatted(deleted));

    assertThat(acknowledged(copy)).containsExactly(Fault.NOT_DELETED);
    assertThat(differences(copy)).containsExactly(Fault.ONLY_SECOND);
  }

  @Test
  void missingRowsAreFound() throws Exception {
    WorkloadSide copy = lab.copy();
    int notes = WorkloadLab.execute(copy, "DELETE FROM entry_note WHERE number = 1");

    assertThat(notes).isPositive();
    assertThat(acknowledged(copy)).hasSizeLessThanOrEqualTo(notes).containsOnly(Fault.MISSING);
    assertThat(differences(copy)).containsOnly(Fault.ONLY_FIRST);
  }

  @Test
  void aRowOfARefusedWriteIsFound() throws Exception {
    WorkloadSide copy = lab.copy();
    WorkloadLab.execute(
        copy, "INSERT INTO audit_line (tenant_id, line, mark) VALUES ('acme', 'new', 'none')");

    assertThat(acknowledged(copy)).containsExactly(Fault.NEVER_ACKNOWLEDGED);
  }

  @Test
  void aNeighboursRowsAreFoundOnTheDedicatedSide() throws Exception {
    WorkloadSide copy = lab.copy();
    WorkloadLab.execute(copy, "DELETE FROM account WHERE tenant_id <> 'acme'");
    for (String table : List.of("setting", "ticket", "audit_line", "counter")) {
      WorkloadLab.execute(copy, "DELETE FROM %s WHERE tenant_id <> 'acme'".formatted(table));
    }
    assertThat(WorkloadJudge.foreign("acme", copy)).isEmpty();

    WorkloadLab.execute(
        copy, "INSERT INTO setting (tenant_id, name, mark) VALUES ('globex', 'n', 'm')");
    assertThat(WorkloadJudge.foreign("acme", copy))
        .containsExactly(
            new WorkloadFinding(Fault.FOREIGN, WorkloadTable.SETTING, "n", "belongs to globex"));
  }

  @Test
  void aChildWithoutItsParentIsNobodys() throws Exception {
    WorkloadSide copy = lab.copy();
    WorkloadLab.execute(copy, "ALTER TABLE entry DISABLE TRIGGER ALL");
    WorkloadLab.execute(copy, "INSERT INTO entry (account_id, mark) VALUES (-1, 'orphan')");

    assertThat(WorkloadJudge.foreign("acme", copy))
        .extracting(WorkloadFinding::detail)
        .contains("belongs to nobody");
  }

  @Test
  void aTenantOfWhomNothingIsKnownIsNotFoundComplete() {
    assertThatThrownBy(() -> judge.acknowledged("initech", lab.side()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WorkloadJudge.difference("initech", lab.side(), lab.side()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static WorkloadSide planted(String sql, String row) throws SQLException {
    WorkloadSide copy = lab.copy();
    assertThat(WorkloadLab.execute(copy, sql.formatted(row))).isEqualTo(1);
    return copy;
  }

  private static String oneOf(String table, String key) {
    return "SELECT min(%s) FROM %s WHERE tenant_id = 'acme'".formatted(key, table);
  }

  private static List<Fault> acknowledged(WorkloadSide side) throws SQLException {
    return judge.acknowledged("acme", side).stream().map(WorkloadFinding::fault).toList();
  }

  private static List<Fault> differences(WorkloadSide copy) throws SQLException {
    return WorkloadJudge.difference("acme", lab.side(), copy).stream()
        .map(WorkloadFinding::fault)
        .toList();
  }
}

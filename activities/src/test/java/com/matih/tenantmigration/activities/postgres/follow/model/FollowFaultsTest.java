package com.matih.tenantmigration.activities.postgres.follow.model;

import static com.matih.tenantmigration.activities.postgres.follow.model.Row.NEIGHBOUR;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.TENANT;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.child;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.grandchild;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.parent;
import static com.matih.tenantmigration.activities.postgres.follow.model.Script.readCommitted;
import static com.matih.tenantmigration.activities.postgres.follow.model.Script.repeatableRead;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.follow.model.Exploration.Finding;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Delete;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Insert;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Move;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Update;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each rule of the protocol is needed: without it, the exploration finds an interleaving that
 * breaks a property, and prints it. With it, the same scenario holds.
 */
class FollowFaultsTest {

  private static final Logger LOG = LoggerFactory.getLogger(FollowFaultsTest.class);

  private static final Key PARENT_1 = new Key(0, 1);
  private static final Key PARENT_2 = new Key(0, 2);

  private static final Scenario ONE_UPDATE =
      Scenario.of(List.of(parent(1, TENANT)), readCommitted(new Update(PARENT_1, 1)));

  private static final Scenario UPDATES_OF_ONE_ROW =
      Scenario.of(
          List.of(parent(1, TENANT)),
          readCommitted(new Update(PARENT_1, 1)),
          readCommitted(new Update(PARENT_1, 2)));

  private static final Scenario UPDATES_OF_TWO_ROWS =
      Scenario.of(
          List.of(parent(1, TENANT), parent(2, TENANT)),
          readCommitted(new Update(PARENT_1, 1)),
          readCommitted(new Update(PARENT_2, 2)));

  private static final Scenario CHILD_OF_A_PARENT_THAT_MOVES_IN =
      Scenario.of(
          List.of(parent(1, NEIGHBOUR)),
          readCommitted(new Insert(child(1, 1))),
          readCommitted(new Move(PARENT_1, TENANT)));

  @Test
  void notesAreRemovedAfterTheCommitOnTheDedicatedSide() {
    assertThat(broken(Fault.NOTES_REMOVED_BEFORE_COMMIT, ONE_UPDATE, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 commits",
            "the correction takes S",
            "it removes the notes",
            "the migrator dies and starts again",
            "it commits on the dedicated side");
  }

  @Test
  void notesAreRemovedByVisibility() {
    assertThat(broken(Fault.NOTES_REMOVED_BY_NUMBER, UPDATES_OF_TWO_ROWS, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 updates parent 1 and notes it",
            "T2 updates parent 2 and notes it",
            "T2 commits",
            "the correction takes S",
            "T1 commits",
            "it removes the notes",
            "a round takes S");
  }

  @Test
  void notesAreReadByVisibility() {
    assertThat(broken(Fault.NOTES_PAGED_BY_NUMBER, UPDATES_OF_TWO_ROWS, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 updates parent 1 and notes it",
            "T2 updates parent 2 and notes it",
            "T2 commits",
            "the correction takes S",
            "T1 commits",
            "a round takes S");
  }

  @Test
  void theBaseCopyIsCorrectedBecauseItHasRowsTwice() {
    Scenario scenario =
        Scenario.of(List.of(parent(2, TENANT)), readCommitted(new Update(PARENT_2, 1)));

    assertThat(broken(Fault.BASE_COPY_NOT_CORRECTED, scenario, Violation.KEY_TWICE))
        .containsSubsequence(
            "range 1 is copied", "T1 commits", "range 2 is copied", "keys are built");
  }

  @Test
  void theCorrectionRemovesRowsWhoseParentIsNotThere() {
    Scenario scenario =
        Scenario.of(
            List.of(parent(1, TENANT), child(1, 1), grandchild(2, 1)),
            readCommitted(new Move(PARENT_1, NEIGHBOUR)),
            readCommitted(new Delete(new Key(2, 2)), new Delete(new Key(1, 1))));

    assertThat(broken(Fault.ORPHANS_KEPT, scenario, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "range 1 is copied",
            "T1 commits",
            "T2 deletes grandchild 2",
            "T2 deletes child 1",
            "the correction takes S");
  }

  @Test
  void aKeyIsNotedByEachTransaction() {
    assertThat(broken(Fault.ONE_NOTE_A_KEY, UPDATES_OF_ONE_ROW, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 commits",
            "T2 updates parent 1 and notes it",
            "the correction takes S",
            "T2 commits",
            "it removes the notes",
            "a round takes S");
  }

  @Test
  void theChildrenOfAParentThatMovedAreCarriedOver() {
    Scenario scenario =
        Scenario.of(
            List.of(parent(1, NEIGHBOUR), child(1, 1)), readCommitted(new Move(PARENT_1, TENANT)));

    assertThat(broken(Fault.MOVED_CHILDREN_FORGOTTEN, scenario, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 moves parent 1 to the tenant and notes it",
            "range 2 is copied",
            "T1 commits",
            "the correction takes S");
  }

  @Test
  void aParentThatMovedStaysListed() {
    assertThat(
            broken(
                Fault.MOVED_PARENTS_NOT_KEPT,
                CHILD_OF_A_PARENT_THAT_MOVES_IN,
                Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 inserts child 1 of parent 1",
            "T2 commits",
            "the correction takes S",
            "T1 commits",
            "a round takes S");
  }

  @Test
  void aParentThatGotTheKeyOfAnotherStaysListedToo() {
    Scenario scenario =
        Scenario.of(
            List.of(parent(1, NEIGHBOUR)),
            readCommitted(new Insert(child(1, 1))),
            readCommitted(new Delete(PARENT_1), new Insert(parent(1, TENANT))));

    assertThat(broken(Fault.ONLY_OWNER_CHANGES_KEPT, scenario, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 inserts child 1 of parent 1",
            "T2 inserts parent 1 of the tenant and notes it",
            "T2 commits",
            "the correction takes S",
            "T1 commits",
            "a round takes S");
  }

  @Test
  void aNoteSaysThatItsParentMoved() {
    Scenario scenario =
        Scenario.of(
            List.of(parent(1, TENANT)),
            readCommitted(new Move(PARENT_1, NEIGHBOUR)),
            readCommitted(new Insert(child(1, 1))),
            readCommitted(new Move(PARENT_1, TENANT)));

    assertThat(broken(Fault.MOVES_FOUND_BY_STATE, scenario, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T2 inserts child 1 of parent 1",
            "T3 moves parent 1 to the tenant and notes it",
            "T3 commits",
            "range 2 is copied",
            "T2 commits",
            "the correction takes S");
  }

  @Test
  void aRowIsNotedIfItsParentIsNotSeen() {
    Scenario scenario =
        Scenario.of(
            List.of(),
            repeatableRead(new Insert(child(1, 1))),
            readCommitted(new Insert(parent(1, TENANT))));

    // a parent that was inserted and stays listed makes up for it
    assertThat(
            broken(
                EnumSet.of(Fault.ONLY_OWNER_CHANGES_KEPT),
                Fault.UNSEEN_PARENTS_NOT_NOTED,
                scenario,
                Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 takes its snapshot",
            "T1 inserts child 1 of parent 1",
            "T2 commits",
            "the correction takes S",
            "T1 commits",
            "a round takes S");
  }

  @Test
  void aSnapshotOlderThanTheCaptureIsNotTrusted() {
    Scenario scenario =
        Scenario.of(
            List.of(parent(1, NEIGHBOUR)),
            repeatableRead(new Insert(child(1, 1))),
            readCommitted(new Move(PARENT_1, TENANT)));

    assertThat(broken(Fault.OLD_SNAPSHOTS_TRUSTED, scenario, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 takes its snapshot",
            "T2 commits",
            "capture is installed",
            "T1 inserts child 1 of parent 1",
            "range 2 is copied",
            "T1 commits");
  }

  @Test
  void theDrainWaitsForTransactionsThatAreOlderThanAMove() {
    assertThat(
            broken(
                Fault.OLD_TRANSACTIONS_NOT_AWAITED,
                CHILD_OF_A_PARENT_THAT_MOVES_IN,
                Violation.ACKNOWLEDGED_WRITE_LOST))
        .containsSubsequence(
            "T1 inserts child 1 of parent 1",
            "T2 commits",
            "the fence is raised",
            "the last round takes S",
            "it commits on the dedicated side",
            "T1 commits");
  }

  @Test
  void theFenceIsReadAfterTheNote() {
    assertThat(broken(Fault.FENCE_READ_BEFORE_NOTE, ONE_UPDATE, Violation.ACKNOWLEDGED_WRITE_LOST))
        .containsSubsequence(
            "T1 reads the fence: down",
            "the fence is raised",
            "T1 updates parent 1 and notes it",
            "the last round takes S",
            "T1 commits");
    assertThat(broken(Fault.FENCE_READ_BEFORE_NOTE, ONE_UPDATE, Violation.ACCEPTED_UNDER_FENCE))
        .endsWith("the fence is raised", "T1 updates parent 1 and notes it");
  }

  @Test
  void theFenceWaitsForOpenWriters() {
    assertThat(broken(Fault.FENCE_WITHOUT_DRAIN, ONE_UPDATE, Violation.ACKNOWLEDGED_WRITE_LOST))
        .containsSubsequence(
            "T1 reads the fence: down",
            "the fence is raised",
            "the last round takes S",
            "it commits on the dedicated side",
            "T1 commits");
    assertThat(broken(Fault.FENCE_WITHOUT_DRAIN, ONE_UPDATE, Violation.DRAIN_DIFFERS))
        .endsWith("T1 commits", "it commits on the dedicated side");
  }

  @Test
  void rowsAreReadAtTheSnapshotOfTheNotes() {
    assertThat(broken(Fault.ROWS_AT_LATER_SNAPSHOT, UPDATES_OF_ONE_ROW, Violation.ROUND_DIFFERS))
        .containsSubsequence(
            "T1 commits",
            "the correction takes S",
            "T2 commits",
            "it commits on the dedicated side");
  }

  private static List<String> broken(Fault fault, Scenario scenario, Violation violation) {
    return broken(Set.of(), fault, scenario, violation);
  }

  /** The shortest interleaving that breaks a property only because of a fault. */
  private static List<String> broken(
      Set<Fault> others, Fault fault, Scenario scenario, Violation violation) {
    assertThat(Explorer.explore(scenario, others, Effort.MOST_STATES).finding())
        .as("without the fault")
        .isEmpty();

    EnumSet<Fault> faults = EnumSet.of(fault);
    faults.addAll(others);
    Optional<Finding> finding =
        Explorer.explore(scenario, faults, EnumSet.of(violation), Effort.MOST_STATES).finding();

    assertThat(finding).as("with the fault").isPresent();
    LOG.info("{}: {}", fault, finding.get());
    return finding.get().interleaving();
  }
}

package com.matih.tenantmigration.activities.postgres.follow.model;

import static com.matih.tenantmigration.activities.postgres.follow.model.Row.NEIGHBOUR;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.TENANT;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.child;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.grandchild;
import static com.matih.tenantmigration.activities.postgres.follow.model.Row.parent;
import static com.matih.tenantmigration.activities.postgres.follow.model.Script.readCommitted;
import static com.matih.tenantmigration.activities.postgres.follow.model.Script.repeatableRead;

import com.matih.tenantmigration.activities.postgres.follow.model.Write.ChangeKey;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Delete;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Insert;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Move;
import com.matih.tenantmigration.activities.postgres.follow.model.Write.Update;
import java.util.List;
import org.junit.jupiter.api.Named;

/** Scenarios that are explored whole. */
final class SmallScenarios {

  private SmallScenarios() {}

  static List<Named<Scenario>> all() {
    return List.of(
        Named.of(
            "Updates of one row",
            Scenario.of(
                List.of(parent(1, TENANT), parent(2, NEIGHBOUR)),
                readCommitted(new Update(new Key(0, 1), 1)).orRollback(),
                readCommitted(new Update(new Key(0, 1), 2), new Update(new Key(0, 1), 3)),
                readCommitted(new Update(new Key(0, 2), 4)))),
        Named.of(
            "Updates of two rows",
            Scenario.of(
                    List.of(parent(1, TENANT), parent(2, TENANT)),
                    readCommitted(new Update(new Key(0, 1), 1), new Update(new Key(0, 2), 2)),
                    repeatableRead(new Update(new Key(0, 2), 3)).orRollback())
                .withRounds(2)
                .withDeaths(2)),
        Named.of(
            "Rows come and go",
            Scenario.of(
                List.of(parent(1, TENANT)),
                readCommitted(new Delete(new Key(0, 1)), new Insert(parent(1, TENANT))),
                readCommitted(new Insert(parent(2, TENANT))).orRollback(),
                readCommitted(new Delete(new Key(0, 1)), new Delete(new Key(0, 2))))),
        Named.of(
            "Keys change",
            Scenario.of(
                List.of(parent(1, TENANT), child(1, 1), grandchild(1, 1)),
                readCommitted(new ChangeKey(new Key(0, 1), 2), new ChangeKey(new Key(1, 1), 2)),
                readCommitted(new ChangeKey(new Key(0, 2), 3), new Insert(child(1, 3))),
                readCommitted(new Update(new Key(1, 1), 1)))),
        Named.of(
            "A child is inserted while its parent moves in",
            Scenario.of(
                List.of(parent(1, NEIGHBOUR)),
                readCommitted(new Insert(child(1, 1)), new Insert(child(2, 1))).orRollback(),
                readCommitted(new Move(new Key(0, 1), TENANT)).orRollback())),
        Named.of(
            "A child is inserted while its parent moves out",
            Scenario.of(
                List.of(parent(1, TENANT), child(1, 1)),
                readCommitted(new Insert(child(2, 1)), new Update(new Key(1, 1), 1)).orRollback(),
                readCommitted(new Move(new Key(0, 1), NEIGHBOUR)))),
        Named.of(
            "A parent moves out and in",
            Scenario.of(
                    List.of(parent(1, TENANT)),
                    readCommitted(new Move(new Key(0, 1), NEIGHBOUR)),
                    readCommitted(new Insert(child(1, 1))),
                    readCommitted(new Move(new Key(0, 1), TENANT)))
                .withRounds(2)),
        Named.of(
            "An old snapshot inserts a child",
            Scenario.of(
                List.of(parent(1, NEIGHBOUR)),
                repeatableRead(new Insert(child(1, 1))),
                readCommitted(new Move(new Key(0, 1), TENANT)),
                readCommitted(new Update(new Key(0, 1), 1)))),
        Named.of(
            "An old snapshot does not see the parent",
            Scenario.of(
                List.of(),
                repeatableRead(new Insert(child(1, 1)), new Insert(child(2, 1))),
                readCommitted(new Insert(parent(1, TENANT))).orRollback(),
                readCommitted(new Delete(new Key(0, 1))))),
        Named.of(
            "A deferred key lets the child come first",
            Scenario.of(
                List.of(),
                readCommitted(
                    new Insert(grandchild(1, 1)),
                    new Insert(child(1, 1)),
                    new Insert(parent(1, TENANT))),
                readCommitted(new Insert(child(2, 1))))),
        Named.of(
            "A child changes its parent while that moves",
            Scenario.of(
                List.of(parent(1, NEIGHBOUR), parent(2, NEIGHBOUR), child(1, 1), grandchild(1, 1)),
                readCommitted(new Move(new Key(1, 1), 2)),
                readCommitted(new Move(new Key(0, 1), TENANT)),
                readCommitted(new Insert(grandchild(2, 1))))),
        Named.of(
            "A parent is deleted after it moved out",
            Scenario.of(
                List.of(parent(1, TENANT), child(1, 1), grandchild(2, 1)),
                readCommitted(new Move(new Key(0, 1), NEIGHBOUR)),
                readCommitted(new Delete(new Key(1, 1))),
                readCommitted(new Update(new Key(2, 2), 1)))),
        Named.of(
            "A parent is replaced in one transaction",
            Scenario.of(
                List.of(parent(1, TENANT), child(1, 1)),
                readCommitted(
                    new ChangeKey(new Key(0, 1), 2),
                    new Insert(parent(1, NEIGHBOUR)),
                    new Move(new Key(1, 1), 1)),
                repeatableRead(new Insert(child(2, 1)), new Update(new Key(1, 1), 1)))));
  }
}

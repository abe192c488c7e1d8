package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Scenarios by chance, with so few keys that writers meet. */
final class RandomScenarios {

  private static final int FIRST_KEYS = 2;
  private static final int KEYS = 4;

  private final Random random;

  RandomScenarios(long seed) {
    random = new Random(seed);
  }

  /** A scenario with this many writers of at most so many writes each. */
  Scenario next(int writers, int mostWrites) {
    List<Script> scripts = new ArrayList<>();
    int value = 1;
    for (int i = 0; i < writers; i++) {
      List<Write> writes = new ArrayList<>();
      int count = 1 + random.nextInt(mostWrites);
      for (int j = 0; j < count; j++) {
        writes.add(write(value++));
      }
      Isolation isolation =
          random.nextInt(3) == 0 ? Isolation.REPEATABLE_READ : Isolation.READ_COMMITTED;
      scripts.add(new Script(isolation, random.nextInt(3) == 0, writes));
    }
    return new Scenario(rows(), scripts, 1, 1);
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int table = 0; table < Row.TABLES; table++) {
      for (int key = 1; key <= FIRST_KEYS; key++) {
        int owner = 1 + random.nextInt(2);
        Key reference = new Key(table - 1, owner);
        boolean hasOwner = table == 0 || rows.stream().anyMatch(row -> row.id().equals(reference));
        if (hasOwner && random.nextInt(5) > 0) {
          rows.add(new Row(table, key, owner, 0));
        }
      }
    }
    return rows;
  }

  private Write write(int value) {
    int table = random.nextInt(Row.TABLES);
    Key key = new Key(table, key());
    int owner = table == 0 ? 1 + random.nextInt(2) : key();
    return switch (random.nextInt(6)) {
      case 0 -> new Write.Insert(new Row(table, newKey(), owner, value));
      case 1, 2 -> new Write.Update(key, value);
      case 3 -> new Write.Move(key, owner);
      case 4 -> new Write.ChangeKey(key, newKey());
      default -> new Write.Delete(key);
    };
  }

  /** Most often a key that was there from the start. */
  private int key() {
    return 1 + random.nextInt(random.nextInt(4) > 0 ? FIRST_KEYS : KEYS);
  }

  /** Most often a key that was not there from the start. */
  private int newKey() {
    return random.nextInt(4) > 0 ? FIRST_KEYS + 1 + random.nextInt(KEYS - FIRST_KEYS) : key();
  }
}

package com.matih.tenantmigration.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

  private static final Tally.Fate DELETED = new Tally.Fate("topic %s deleted", "%d topics deleted");
  private static final Tally.Fate GROUP = new Tally.Fate("group %s deleted", "%d groups deleted");

  private final Tally tally = new Tally();

  @Test
  void thingsOfOneFateAreCountedAndNamedTogetherEachOnce() {
    tally.add(GROUP, "billing");
    tally.add(DELETED, "query-events");
    tally.add(GROUP, "indexer");
    tally.add(GROUP, "billing");

    assertThat(tally)
        .hasToString("2 groups deleted (billing, indexer); topic query-events deleted");
  }

  @Test
  void ofVeryManyTheFirstAreNamed() {
    for (int i = 1; i <= 12; i++) {
      tally.add(DELETED, "t" + i);
    }

    assertThat(tally)
        .hasToString("12 topics deleted (t1, t2, t3, t4, t5, t6, t7, t8, t9, t10 and 2 more)");
  }
}

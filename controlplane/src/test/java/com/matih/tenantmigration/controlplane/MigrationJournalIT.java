package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MigrationJournalIT {

  private static final String STORE = "kafka";

  private static TestControlPlane database;

  private final MigrationJournal journal = database.controlPlane().journal();

  @BeforeAll
  static void open() {
    database = new TestControlPlane();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void whatIsRememberedIsTheFirstAndWhatIsPutTheLast() {
    assertThat(journal.remember("m1", STORE, "first", Long.class, () -> 1L)).isEqualTo(1);
    assertThat(journal.remember("m1", STORE, "first", Long.class, () -> 2L)).isEqualTo(1);

    journal.put("m1", STORE, "last", 1L);
    journal.put("m1", STORE, "last", 2L);
    assertThat(journal.recall("m1", STORE, "last", Long.class)).contains(2L);
    assertThat(journal.recall("m2", STORE, "last", Long.class)).isEmpty();
  }

  @Test
  void notesAreForgottenByWhatTheirNamesBeginWith() {
    journal.put("m3", STORE, "pass-1-a", 1L);
    journal.put("m3", STORE, "pass-1-b", 1L);
    journal.put("m3", STORE, "pass-10", 1L);
    journal.put("m4", STORE, "pass-1-a", 1L);
    journal.intend("m3", STORE, "pass-1-a");

    journal.forget("m3", STORE, "pass-1-");

    assertThat(journal.recall("m3", STORE, "pass-1-a", Long.class)).isEmpty();
    assertThat(journal.recall("m3", STORE, "pass-1-b", Long.class)).isEmpty();
    assertThat(journal.recall("m3", STORE, "pass-10", Long.class)).contains(1L);
    assertThat(journal.recall("m4", STORE, "pass-1-a", Long.class)).contains(1L);
    assertThat(journal.intended("m3", STORE, "pass-1-a")).isTrue();
  }
}

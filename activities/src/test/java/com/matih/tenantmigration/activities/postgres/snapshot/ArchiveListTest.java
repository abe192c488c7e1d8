package com.matih.tenantmigration.activities.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchiveListTest {

  @Test
  void onlyTheFencesTriggersAndTheSchemaItselfStayBehind() {
    String table = "215; 1259 16385 TABLE shared TRIGGER 2620 16400 postgres";
    String sameNumberOfAnotherKind = "216; 1259 16400 TABLE shared queries postgres";
    String trigger = "3391; 2620 16401 TRIGGER shared queries touch postgres";
    String comment = "3415; 0 0 COMMENT shared TRIGGER touch ON queries postgres";

    assertThat(
            ArchiveList.travelling(
                List.of(
                    "; Archive created at 2026-01-01 00:00:00 UTC",
                    "5; 2615 16384 SCHEMA - shared postgres",
                    table,
                    sameNumberOfAnotherKind,
                    "3390; 2620 16400 TRIGGER shared queries ~~~tenant_migration_fence_x postgres",
                    "3414; 0 0 COMMENT shared TRIGGER \"~~~tenant_migration_fence_x\" ON queries p",
                    trigger,
                    comment),
                Set.of(16400L),
                Set.of()))
        .containsExactly(table, sameNumberOfAnotherKind, trigger, comment);
  }
}

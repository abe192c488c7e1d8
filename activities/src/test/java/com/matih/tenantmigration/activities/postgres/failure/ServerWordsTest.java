package com.matih.tenantmigration.activities.postgres.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.failure.ServerWords.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerWordsTest {

  @TempDir Path folder;

  @Test
  void anErrorNamesTableColumnAndConstraintOnce() {
    assertThat(
            ServerWords.tell(
                new Report(
                    "23514",
                    "new row for relation \"t\" violates check constraint \"positive\"",
                    "s",
                    "t",
                    null,
                    null,
                    "positive",
                    "COPY t, line 3: \"5,jane@acme.example\"")))
        .isEqualTo(
            "new row for relation \"t\" violates check constraint \"positive\""
                + " (row 3 of the COPY into t, SQLSTATE 23514)");
    assertThat(ServerWords.tell(new Report("23502", "null value", "s", "t", "c", null, null, null)))
        .isEqualTo("null value (table s.t, column c, SQLSTATE 23502)");
  }

  @Test
  void aValueThatTheServerQuotesIsLeftOut() {
    assertThat(
            ServerWords.tell(
                new Report(
                    "22P02",
                    "invalid input syntax for type integer: \"jane \"x\" doe\"",
                    null,
                    null,
                    null,
                    null,
                    null,
                    "COPY t, line 7, column age: \"jane\"")))
        .isEqualTo(
            "invalid input syntax for type integer: … (row 7 of the COPY into t, column age,"
                + " SQLSTATE 22P02)");
  }

  @Test
  void aMessageOfAFunctionIsReplacedByTheFunctionsName() {
    assertThat(
            ServerWords.tell(
                new Report(
                    "P0001",
                    "jane@acme.example is not allowed",
                    null,
                    null,
                    null,
                    null,
                    null,
                    "PL/pgSQL function shared.check_mail(text) line 3 at RAISE")))
        .isEqualTo(
            "function shared.check_mail raised an error (in function shared.check_mail,"
                + " SQLSTATE P0001)");
  }

  @Test
  void psqlsErrorsAreReadWithTheirFields() throws IOException {
    Path messages =
        Files.writeString(
            folder.resolve("messages"),
            """
            psql:post-data.sql:12: ERROR:  42P07: relation "i" already exists
            LOCATION:  heap_create_with_catalog, heap.c:1146
            psql:post-data.sql:15: NOTICE:  00000: something
            psql:post-data.sql:18: ERROR:  23505: could not create unique index "u"
            DETAIL:  Key (email)=(jane@acme.example) is duplicated.
            SCHEMA NAME:  s
            TABLE NAME:  t
            CONSTRAINT NAME:  u
            LOCATION:  comparetup_index_btree, tuplesort.c:4258
            psql:post-data.sql:20: ERROR:  42883: function f() does not exist
            """);

    assertThat(PsqlErrors.first(messages, Set.of("42P07")).map(ServerWords::tell))
        .contains("could not create unique index \"u\" (table s.t, SQLSTATE 23505)");
    assertThat(PsqlErrors.first(messages, Set.of("42P07", "23505")).map(ServerWords::tell))
        .contains("function f() does not exist (SQLSTATE 42883)");
    assertThat(PsqlErrors.first(messages, Set.of("42P07", "23505", "42883"))).isEmpty();
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexStatementTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX i ON app.orders USING btree (placed_at DESC, id);",
        "CREATE UNIQUE INDEX \"I; 1\" ON app.orders USING btree (id) INCLUDE (a, b)"
            + " NULLS NOT DISTINCT WITH (fillfactor='70');",
        "CREATE INDEX i ON app.orders USING gin (body jsonb_path_ops);",
        "ALTER TABLE ONLY app.orders\n    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);",
        "ALTER TABLE ONLY app.orders\n    ADD CONSTRAINT u UNIQUE (a, b) DEFERRABLE INITIALLY"
            + " DEFERRED;",
      })
  void anIndexOfColumnsDependsOnItsTableAlone(String sql) {
    assertThat(statement(sql).plainTable()).contains(new TableName("app", "orders"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX i ON app.orders USING btree (lower(mail));",
        "CREATE INDEX i ON app.orders USING btree (((body ->> 'a'::text)));",
        "CREATE INDEX i ON app.orders USING btree (id) WHERE (state = 'open'::text);",
        "CREATE INDEX i ON ONLY app.orders USING btree (id);",
        "CREATE INDEX i ON app.orders USING btree (id);\n\nALTER TABLE app.orders CLUSTER ON i;",
        "ALTER TABLE ONLY app.orders\n    ADD CONSTRAINT e EXCLUDE USING gist (room WITH =);",
        "ALTER TABLE ONLY app.orders\n    ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES app.b(id);",
        "ALTER TABLE ONLY app.orders\n    ADD CONSTRAINT p PRIMARY KEY (id);\n\n"
            + "ALTER TABLE ONLY app.orders REPLICA IDENTITY USING INDEX p;",
      })
  void whatDoesMoreOrMayReadMoreWaits(String sql) {
    assertThat(statement(sql).plainTable()).isEmpty();
  }

  @Test
  void quotedNamesAreUnderstood() {
    assertThat(statement("CREATE INDEX i ON \"My App\".\"a\"\"b\" USING btree (id);").plainTable())
        .contains(new TableName("My App", "a\"b"));
  }

  @Test
  void treesOfManyEntriesARowAreSlow() {
    assertThat(statement("CREATE INDEX i ON a.b USING gin (c);").isSlow()).isTrue();
    assertThat(statement("CREATE INDEX i ON a.b USING btree (c);").isSlow()).isFalse();
  }

  private static IndexStatement statement(String sql) {
    return new IndexStatement("1", "INDEX i", sql);
  }
}

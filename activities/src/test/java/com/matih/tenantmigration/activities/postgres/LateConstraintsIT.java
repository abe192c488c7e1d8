package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constraints, and what is said of them, that a dump adds apart from their tables. */
class LateConstraintsIT {

  private static final long RANGE_BYTES = 16 << 10;

  @TempDir Path folder;

  @Test
  void oldRowsThatBreakChecksThatAreNotValidAreCopiedAgain() throws Exception {
    try (CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of())) {
      inApp(
          lab,
          """
          CREATE DOMAIN email AS text;
          CREATE TABLE posts (id bigint PRIMARY KEY, tenant_id text NOT NULL, mail email);
          CREATE TABLE tags (post_id bigint NOT NULL REFERENCES posts, tag text NOT NULL, mail email);
          INSERT INTO posts SELECT i, CASE WHEN i < 4 THEN 'acme' ELSE 'globex' END, 'none'
            FROM generate_series(1, 6) i;
          INSERT INTO tags SELECT p, repeat('x', n), 'none'
            FROM generate_series(1, 6) p, generate_series(1, 3) n;
          ALTER TABLE tags ADD CONSTRAINT short CHECK (length(tag) < 3) NOT VALID;
          COMMENT ON CONSTRAINT short ON tags IS 'why the check';
          ALTER DOMAIN email ADD CONSTRAINT looks_right CHECK (VALUE LIKE '%@%') NOT VALID;
          """);

      move(lab, () -> inApp(lab, "INSERT INTO tags VALUES (1, 'y', 'a@b')"));

      assertThat(lab.target.query("SELECT count(*) FROM tags")).containsExactly("10");
      assertThat(
              lab.target.query(
                  "SELECT conname || ' ' || convalidated FROM pg_constraint"
                      + " WHERE conname IN ('short', 'looks_right') ORDER BY 1"))
          .containsExactly("looks_right false", "short false");
      assertThat(
              lab.target.query("SELECT description FROM pg_description WHERE description ^@ 'why'"))
          .containsExactly("why the check");
    }
  }

  @Test
  void commentsFollowWhatTheySpeakOfWhateverTheSchemaIsCalled() throws Exception {
    for (String schema : List.of("Acme Inc", "a TRIGGER b")) {
      try (CopyLab lab = CopyLab.schema(folder, schema, List.of())) {
        lab.source.execute(
            """
            CREATE SCHEMA "%1$s"; SET search_path = "%1$s";
            CREATE TABLE orders (id bigint PRIMARY KEY, n int CONSTRAINT few CHECK (n < 100));
            CREATE TABLE lines (id bigint PRIMARY KEY,
              order_id bigint CONSTRAINT lines_order REFERENCES orders);
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER touch BEFORE UPDATE ON lines FOR EACH ROW EXECUTE FUNCTION touch();
            CREATE RULE keep AS ON DELETE TO lines DO INSTEAD NOTHING;
            ALTER TABLE lines ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON lines USING (true);
            INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3);
            INSERT INTO lines SELECT id, id FROM orders;
            COMMENT ON TABLE lines IS 'why the table';
            COMMENT ON CONSTRAINT lines_order ON lines IS 'why the key';
            COMMENT ON CONSTRAINT few ON orders IS 'why the check';
            COMMENT ON TRIGGER touch ON lines IS 'why the trigger';
            COMMENT ON RULE keep ON lines IS 'why the rule';
            COMMENT ON POLICY own ON lines IS 'why the policy';
            """
                .formatted(schema));

        move(lab, () -> {});

        assertThat(
                lab.target.query(
                    "SELECT description FROM pg_description WHERE description ^@ 'why' ORDER BY 1"))
            .as(schema)
            .containsExactly(
                "why the check",
                "why the key",
                "why the policy",
                "why the rule",
                "why the table",
                "why the trigger");
        assertThat(lab.target.query("SELECT count(*) FROM lines")).containsExactly("3");
      }
    }
  }

  @Test
  void aCheckOfTheWholeRowArrivesOnceWithItsComment() throws Exception {
    for (boolean isOnline : List.of(false, true)) {
      try (CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of())) {
        inApp(
            lab,
            """
            CREATE TABLE items (id bigint PRIMARY KEY, tenant_id text NOT NULL, lo int, hi int);
            CREATE FUNCTION is_sane(items) RETURNS boolean LANGUAGE sql IMMUTABLE AS
              'SELECT $1.lo <= $1.hi';
            ALTER TABLE items ADD CONSTRAINT sane CHECK (is_sane(items.*));
            COMMENT ON CONSTRAINT sane ON items IS 'lo is not above hi';
            INSERT INTO items SELECT i, 'acme', i, i + 1 FROM generate_series(1, 5) i;
            """);

        if (isOnline) {
          move(lab, () -> {});
        } else {
          var unused = lab.migrate();
        }

        assertThat(
                lab.target.query(
                    "SELECT pg_get_constraintdef(oid) || ' ' || obj_description(oid)"
                        + " FROM pg_constraint WHERE conname = 'sane'"))
            .containsExactly("CHECK (is_sane(items.*)) lo is not above hi");
        assertThat(lab.target.query("SELECT count(*) FROM items")).containsExactly("5");
      }
    }
  }

  /** What the tenant does while it moves. */
  private interface Work {
    void run() throws SQLException;
  }

  private static void inApp(CopyLab lab, String script) throws SQLException {
    lab.source.execute("CREATE SCHEMA IF NOT EXISTS app; SET search_path = app; " + script);
  }

  private static void move(CopyLab lab, Work work) throws SQLException {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGE_BYTES);
    online.finish();
    work.run();
    online.follow();
    assertPassed(online.verify().values());
    online.raiseFence();
    assertPassed(online.drain().values());
    online.open();
    online.validateKeys();
  }

  private static void assertPassed(Iterable<Finding> findings) {
    findings.forEach(finding -> assertThat(finding.namedMismatches()).isEmpty());
  }
}

package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas of which a part is completed only under the fence, or cannot be followed by keys. */
class OnlineSchemaIT {

  private static final long RANGE_BYTES = 16 << 10;

  @TempDir Path folder;

  /** A view that groups by a key is dumped as its columns first, and as a rule at the end. */
  @Test
  void materializedViewsShowTheRowsOfTheCutoverAlsoWhereTheyReadAViewThatIsDumpedInTwoSteps()
      throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL, total int)",
          "CREATE VIEW app.by_order AS SELECT id, tenant_id, total, count(*) AS n FROM app.orders"
              + " GROUP BY id",
          "INSERT INTO app.orders SELECT n, 'acme', n FROM generate_series(1, 20) n",
          "CREATE MATERIALIZED VIEW app.all_orders AS SELECT id, total, n FROM app.by_order",
          "CREATE MATERIALIZED VIEW app.a_sum AS SELECT sum(total) AS total FROM app.all_orders");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "INSERT INTO app.orders VALUES (21, 'acme', 21)",
          "REFRESH MATERIALIZED VIEW app.all_orders",
          "REFRESH MATERIALIZED VIEW app.a_sum");

      drain(online);

      for (String view : List.of("by_order", "all_orders", "a_sum")) {
        assertThat(lab.target.query("SELECT v::text FROM %s v ORDER BY 1".formatted(view)))
            .as(view)
            .isEqualTo(lab.source.query("SELECT v::text FROM app.%s v ORDER BY 1".formatted(view)));
      }
      assertThat(lab.target.query("SELECT total FROM a_sum")).containsExactly("231");
    }
  }

  @Test
  void keysThatTheServerComputesAreCopiedAgainUnderTheFence() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.files (tenant_id text NOT NULL, base text,"
              + " path text GENERATED ALWAYS AS ('p/' || base) STORED PRIMARY KEY)",
          "CREATE TABLE app.posts (id bigint PRIMARY KEY, tenant_id text NOT NULL,"
              + " slug text GENERATED ALWAYS AS ('s' || id) STORED UNIQUE)",
          "CREATE TABLE app.likes (id bigint PRIMARY KEY, post text REFERENCES app.posts (slug))",
          "INSERT INTO app.files SELECT 'acme', n::text FROM generate_series(1, 20) n",
          "INSERT INTO app.posts SELECT n, 'acme' FROM generate_series(1, 20) n",
          "INSERT INTO app.likes SELECT n, 's' || n FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "UPDATE app.files SET base = 'other' WHERE base = '3'",
          "DELETE FROM app.likes WHERE id = 7",
          "INSERT INTO app.posts VALUES (21, 'acme')",
          "INSERT INTO app.likes VALUES (21, 's21')");

      drain(online);

      for (String table : List.of("files", "posts", "likes")) {
        assertThat(lab.target.query("SELECT t::text FROM %s t ORDER BY 1".formatted(table)))
            .as(table)
            .isEqualTo(
                lab.source.query("SELECT t::text FROM app.%s t ORDER BY 1".formatted(table)));
      }
    }
  }

  /** A TRUNCATE is noted without a key, and of a row that is gone nothing but its key is kept. */
  @Test
  void domainsThatRefuseNullStandInTheWayOfNoTruncateAndNoDelete() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE DOMAIN app.ident AS bigint NOT NULL CHECK (VALUE > 0)",
          "CREATE DOMAIN app.mail AS varchar(20) CHECK (VALUE IS NOT NULL)",
          "CREATE TABLE app.users (id app.ident PRIMARY KEY, tenant_id text NOT NULL,"
              + " mail app.mail)",
          "CREATE TABLE app.visits (id app.ident PRIMARY KEY, tenant_id text NOT NULL)",
          "INSERT INTO app.users SELECT n, 'acme', n || '@x' FROM generate_series(1, 20) n",
          "INSERT INTO app.visits SELECT n, 'acme' FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "DELETE FROM app.users WHERE id = 3",
          "UPDATE app.users SET id = 30 WHERE id = 4",
          "TRUNCATE app.visits",
          "INSERT INTO app.visits VALUES (21, 'acme')");

      drain(online);

      for (String table : List.of("users", "visits")) {
        assertThat(lab.target.query("SELECT t::text FROM %s t ORDER BY 1".formatted(table)))
            .as(table)
            .isEqualTo(
                lab.source.query("SELECT t::text FROM app.%s t ORDER BY 1".formatted(table)));
      }
      assertThat(online.compareFrozen().namedMismatches()).isEmpty();
    }
  }

  /** As where an extension lies in {@code public} and the services' user creates tables there. */
  @Test
  void keysOfAnExtensionsTypeAreFoundWhereOthersMayCreateInItsSchema() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE EXTENSION ltree SCHEMA public",
          "CREATE EXTENSION citext SCHEMA public",
          "GRANT CREATE ON SCHEMA public TO PUBLIC",
          "CREATE TABLE app.nodes (path public.ltree PRIMARY KEY, tenant_id text NOT NULL)",
          "CREATE TABLE app.tags (path public.ltree REFERENCES app.nodes ON UPDATE CASCADE,"
              + " tag public.citext, note text, PRIMARY KEY (path, tag))",
          "INSERT INTO app.nodes SELECT ('a.b' || n)::public.ltree, 'acme'"
              + " FROM generate_series(1, 20) n",
          "INSERT INTO app.tags SELECT path, 'tag' FROM app.nodes");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "UPDATE app.nodes SET path = 'a.c' WHERE path::text = 'a.b3'",
          "UPDATE app.tags SET note = 'new' WHERE path::text = 'a.b4'",
          "UPDATE app.tags SET tag = 'TAG' WHERE path::text = 'a.b5'",
          "DELETE FROM app.tags WHERE path::text = 'a.b6'",
          "INSERT INTO app.nodes VALUES ('x', 'acme')");

      drain(online);

      for (String table : List.of("nodes", "tags")) {
        assertThat(lab.target.query("SELECT t::text FROM %s t ORDER BY 1".formatted(table)))
            .as(table)
            .isEqualTo(
                lab.source.query("SELECT t::text FROM app.%s t ORDER BY 1".formatted(table)));
      }
      assertThat(online.compareFrozen().namedMismatches()).isEmpty();
    }
  }

  @Test
  void referencesToPostgresqlsOwnObjectsAreFollowedByName() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.texts (id bigint PRIMARY KEY, tenant_id text NOT NULL,"
              + " language regconfig, body text, search tsvector"
              + " GENERATED ALWAYS AS (to_tsvector(language, body)) STORED)",
          "INSERT INTO app.texts SELECT n, 'acme', 'english', 'running' FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "UPDATE app.texts SET language = 'german', body = 'Häuser' WHERE id = 3",
          "INSERT INTO app.texts VALUES (21, 'acme', 'simple', 'running')");

      drain(online);

      assertThat(lab.target.query("SELECT t::text FROM texts t ORDER BY 1"))
          .isEqualTo(lab.source.query("SELECT t::text FROM app.texts t ORDER BY 1"));
    }
  }

  /** Names that the request has in UTF-8, and a database has in its own encoding. */
  @Test
  void namesOfADatabaseWithAnotherEncodingAreFound() throws Exception {
    try (CopyLab lab = CopyLab.encoded(folder, "größe", "LATIN1", List.of("prüfung"))) {
      lab.source.execute(
          "CREATE SCHEMA \"größe\"",
          "CREATE TABLE \"größe\".docs (id bigint, tenant_id text, body text,"
              + " PRIMARY KEY (id, tenant_id)) PARTITION BY LIST (tenant_id)",
          "CREATE TABLE \"größe\".docs_acme PARTITION OF \"größe\".docs FOR VALUES IN ('acme')",
          "CREATE TABLE \"größe\".\"docs_müller\" PARTITION OF \"größe\".docs"
              + " FOR VALUES IN ('müller')",
          "CREATE TABLE \"größe\".\"prüfung\" (id bigint PRIMARY KEY)",
          "INSERT INTO \"größe\".docs SELECT n, 'acme', 'schön' FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);

      drain(online);

      assertThat(lab.target.query("SELECT DISTINCT body FROM docs")).containsExactly("schön");
      assertThat(
              lab.target.query(
                  "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                      + " AND relkind IN ('r', 'p') ORDER BY 1"))
          .containsExactly("docs", "docs_acme");
    }
  }

  /** Neither a trigger nor the fence sees them, and the archive has what stood before. */
  @Test
  void definitionsThatChangeAfterTheyWereCopiedAreNoticed() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TYPE app.mood AS ENUM ('sad', 'happy')",
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL, mood app.mood)",
          "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
          "CREATE MATERIALIZED VIEW app.n AS SELECT count(*) FROM app.orders",
          "ALTER TABLE app.orders ADD CONSTRAINT late CHECK (id > 0) NOT VALID",
          "INSERT INTO app.orders SELECT n, 'acme' FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);
      // as operators do at any time
      lab.source.execute(
          "REINDEX TABLE app.orders",
          "REFRESH MATERIALIZED VIEW app.n",
          "ANALYZE app.orders",
          "GRANT EXECUTE ON FUNCTION app.f() TO pg_monitor",
          "ALTER TABLE app.orders VALIDATE CONSTRAINT late");
      online.follow();
      assertPassed(online.verify().values());

      lab.source.execute(
          "CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
          "CREATE VIEW app.later AS SELECT * FROM app.orders",
          "ALTER TYPE app.mood ADD VALUE 'calm'",
          "CREATE INDEX ON app.orders (mood)");

      for (Runnable step : List.<Runnable>of(online::follow, online::verify, online::drain)) {
        assertThatThrownBy(step::run)
            .isInstanceOf(MigrationException.class)
            .hasMessageContaining(
                "Definitions in schema app were changed after they were copied: function f(),"
                    + " table orders, type mood, view later.");
      }
      assertThat(online.quiet().namedMismatches())
          .anySatisfy(mismatch -> assertThat(mismatch).contains("function f(), table orders"));
    }
  }

  /** As a trigger does that numbers each new tenant's invoices. */
  @Test
  void sequencesThatAreAddedMeanwhileAreCreatedUnderTheFence() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL)",
          "CREATE SEQUENCE app.invoices_1",
          "INSERT INTO app.orders SELECT n, 'acme' FROM generate_series(1, 20) n");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "CREATE SEQUENCE app.\"invoices 2\" AS smallint INCREMENT -3 MINVALUE -50 MAXVALUE 50"
              + " START 50 CACHE 2 CYCLE",
          "SELECT nextval('app.\"invoices 2\"')");

      drain(online);

      assertThat(online.quiet().namedMismatches()).isEmpty();
      assertThat(lab.target.query("SELECT nextval('\"invoices 2\"')")).containsExactly("44");
      String definition =
          "SELECT (to_jsonb(s) - 'seqrelid')::text FROM pg_sequence s WHERE seqrelid = '%s'::regclass";
      assertThat(lab.target.query(definition.formatted("\"invoices 2\"")))
          .isEqualTo(lab.source.query(definition.formatted("app.\"invoices 2\"")));

      lab.source.execute("DROP SEQUENCE app.invoices_1");
      assertThat(online.quiet().namedMismatches())
          .singleElement()
          .asString()
          .contains("sequence invoices_1");
    }
  }

  /** As an owner may set for everybody who connects. */
  @Test
  void settingsOfTheDatabasesDoNotStandInTheWay() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL, part xml)",
          "INSERT INTO app.orders SELECT n, 'acme', 'a<b/>' FROM generate_series(1, 20) n",
          "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(lab.source.name()));
      lab.target.execute(
          "ALTER DATABASE %s SET xmloption = document".formatted(lab.target.name()),
          "ALTER DATABASE %s SET default_transaction_read_only = on".formatted(lab.target.name()));
      String limit =
          "ALTER DATABASE %s SET idle_session_timeout = '200ms'".formatted(lab.source.name());
      lab.source.execute("SET default_transaction_read_only = off", limit);
      OnlineLab online = copied(lab);

      drain(online);

      online.remove();
      assertThat(lab.target.query("SELECT count(*) FROM orders")).containsExactly("20");
    }
  }

  private CopyLab lab() throws SQLException {
    CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of());
    lab.source.execute("CREATE SCHEMA app");
    return lab;
  }

  private static OnlineLab copied(CopyLab lab) throws SQLException {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGE_BYTES);
    online.finish();
    return online;
  }

  private static void drain(OnlineLab online) {
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
